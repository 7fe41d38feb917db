import { InvalidInputError } from 'graft-learn'
import { z } from 'zod'

const positive = z.number().positive().finite()
const perChannel = (value: z.ZodNumber) => z.union([z.array(value).length(1), z.array(value).length(3)])

const schema = z.object({
  width: z.int().positive().max(8192),
  height: z.int().positive().max(8192),
  resize: z.enum(['stretch', 'crop']),
  cropShare: z.number().gt(0.01).max(1),
  channels: z.enum(['rgb', 'bgr', 'grey']),
  scale: positive,
  mean: perChannel(z.number()),
  std: perChannel(positive),
  layout: z.enum(['nchw', 'nhwc']),
  interpolation: z.enum(['nearest', 'bilinear', 'bicubic', 'lanczos']),
})

/** How pixels become another size; all but `nearest` average over what they shrink. */
export type Interpolation = 'nearest' | 'bilinear' | 'bicubic' | 'lanczos'

/**
 * How an image becomes what a network takes: `value = (pixel · scale − mean) / std` for pixels of 0 to 255. Plain data,
 * written into tuned models as JSON (metadata `graft.preprocessing`).
 */
export interface Preprocessing {
  /** Of the network's input, in pixels. */
  readonly width: number
  readonly height: number
  /** `stretch` brings both sides to size, `crop` the shorter one, and cuts out the centre. */
  readonly resize: 'stretch' | 'crop'
  /** The share of the resized sides that the centre crop keeps: 1 keeps all (and with `crop`, the largest that fits). */
  readonly cropShare: number
  /** Order of the channels; grey is `0.299 R + 0.587 G + 0.114 B`. */
  readonly channels: 'rgb' | 'bgr' | 'grey'
  readonly scale: number
  /** One number per channel in the order of `channels`, or one for all. */
  readonly mean: readonly number[]
  readonly std: readonly number[]
  /** `nchw`: channel by channel; `nhwc`: pixel by pixel. */
  readonly layout: 'nchw' | 'nhwc'
  readonly interpolation: Interpolation
}

/** Name of the metadata in which a tuned model keeps its preprocessing. */
export const PREPROCESSING_KEY = 'graft.preprocessing'

/** The preprocessing as the metadata of a model keeps it. */
export const preprocessingText = (preprocessing: Preprocessing): string => JSON.stringify(preprocessing)

/** Reads what `preprocessingText` wrote; throws `InvalidInputError` that names the field which is wrong. */
export function parsePreprocessing(text: string, file?: string): Preprocessing {
  const where = file === undefined ? {} : { file }
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new InvalidInputError(`metadata ${PREPROCESSING_KEY} is no JSON: write the model again`, where)
  }
  const result = schema.safeParse(value)
  if (result.success) return result.data
  const { path, message } = result.error.issues[0]!
  throw new InvalidInputError(
    `metadata ${PREPROCESSING_KEY}, ${path.join('.') || 'as a whole'}: ${message}; write the model again, or say how images are prepared with --size, --mean, --std and --channels`,
    where,
  )
}

/** Numbers in the tensor of one image. */
export const pixelCount = ({ width, height, channels }: Preprocessing): number =>
  width * height * (channels === 'grey' ? 1 : 3)

/** Dims of a batch of `rows` images. */
export function batchDims(preprocessing: Preprocessing, rows: number): number[] {
  const { width, height, layout } = preprocessing
  const depth = preprocessing.channels === 'grey' ? 1 : 3
  return layout === 'nchw' ? [rows, depth, height, width] : [rows, height, width, depth]
}
