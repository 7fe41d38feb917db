import { InvalidInputError } from 'graft-learn'
import { z } from 'zod'
import type { Interpolation } from './preprocessing.ts'
import type { PresetValues } from './presets.ts'

/** What a configuration says of preprocessing; sizes where it gives them. */
export interface ConfiguredPreprocessing extends PresetValues {
  readonly width?: number
  readonly height?: number
}

const side = z.number().positive()
const size = z.union([
  side,
  z.object({ height: side, width: side }),
  z.object({ shortest_edge: side, longest_edge: side.nullish() }),
])
const numbers = z.union([z.number(), z.array(z.number()).min(1).max(3)])

const schema = z.looseObject({
  image_processor_type: z.string().nullish(),
  feature_extractor_type: z.string().nullish(),
  do_resize: z.boolean().nullish(),
  size: size.nullish(),
  do_center_crop: z.boolean().nullish(),
  crop_size: size.nullish(),
  crop_pct: z.number().positive().max(1).nullish(),
  do_rescale: z.boolean().nullish(),
  rescale_factor: z.number().positive().nullish(),
  rescale_offset: z.boolean().nullish(),
  do_normalize: z.boolean().nullish(),
  image_mean: numbers.nullish(),
  image_std: numbers.nullish(),
  resample: z.union([z.number(), z.string()]).nullish(),
  do_flip_channel_order: z.boolean().nullish(),
  do_grayscale: z.boolean().nullish(),
  do_pad: z.boolean().nullish(),
})

/** Pillow's numbers for ways of resampling; box and Hamming are close to a bilinear average. */
const byNumber: Readonly<Record<string, Interpolation>> = {
  0: 'nearest',
  1: 'lanczos',
  2: 'bilinear',
  3: 'bicubic',
  4: 'bilinear',
  5: 'bilinear',
}

/** Below this size ConvNeXT's processor resizes by `crop_pct` and crops; from it on, it stretches. */
const CONVNEXT_FULL = 384

/**
 * Reads the contents of a `preprocessor_config.json` as Hugging Face's image processors write it, old ones (sizes as
 * numbers) and new ones alike. What is absent has the value that most processors take: everything is done, by 1/255.
 * `warn` hears of what cannot be followed. Throws `InvalidInputError` for values that make no sense.
 */
export function readProcessorConfig(
  value: unknown,
  file: string,
  warn?: (text: string) => void,
): ConfiguredPreprocessing {
  const parsed = schema.safeParse(value)
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0]!
    throw new InvalidInputError(
      `${path.join('.') || 'the file'}: ${message}; correct it, or say how images are prepared with --size, --mean, --std and --channels`,
      { file },
    )
  }
  const config = parsed.data
  if (config.do_pad === true) warn?.(`${file}: do_pad is not followed: images are cropped or stretched to size instead`)
  const geometry = geometryOf(config)
  const rescaled = config.do_rescale ?? true
  const normalised = config.do_normalize ?? (config.image_mean != null || config.image_std != null)
  const offset = config.rescale_offset === true && rescaled ? 1 : 0
  return {
    ...geometry,
    channels: config.do_grayscale === true ? 'grey' : config.do_flip_channel_order === true ? 'bgr' : 'rgb',
    scale: rescaled ? (config.rescale_factor ?? 1 / 255) : 1,
    mean: perChannel(normalised ? (config.image_mean ?? 0.5) : 0, file, 'image_mean').map((mean) => mean + offset),
    std: perChannel(normalised ? (config.image_std ?? 0.5) : 1, file, 'image_std').map((std) => {
      if (std > 0) return std
      throw new InvalidInputError(`image_std holds ${std}, expected numbers above 0: correct it`, { file })
    }),
    interpolation: interpolationOf(config.resample),
  }
}

type Config = z.infer<typeof schema>

function geometryOf(config: Config): Pick<ConfiguredPreprocessing, 'width' | 'height' | 'resize' | 'cropShare'> {
  const resized = config.do_resize === false ? undefined : sidesOf(config.size)
  const cropped = config.do_center_crop === true ? sidesOf(config.crop_size ?? config.size) : undefined
  if (config.crop_pct != null && cropped === undefined && resized !== undefined) {
    // ConvNeXT and PoolFormer give the final size, and the share of the resized image that it is.
    const stretch = resized.height >= CONVNEXT_FULL && !/poolformer/i.test(processorOf(config))
    return { ...sized(resized), resize: stretch ? 'stretch' : 'crop', cropShare: stretch ? 1 : config.crop_pct }
  }
  const final = cropped ?? resized
  if (final === undefined) return { resize: 'stretch', cropShare: 1 }
  const whole = resized ?? final
  const share = Math.min(1, Math.min(final.width, final.height) / Math.min(whole.width, whole.height))
  const crop = resized?.kind !== 'both' && (resized !== undefined || cropped !== undefined)
  const oldStyle = cropped === undefined && typeof config.size === 'number'
  return { ...sized(final), resize: crop && !oldStyle ? 'crop' : 'stretch', cropShare: Math.max(share, 0.02) }
}

const processorOf = (config: Config): string => config.image_processor_type ?? config.feature_extractor_type ?? ''

const sized = ({ width, height }: { width: number; height: number }) => ({ width, height })

/** A size as numbers: an old one of one number, a new one of both sides, or of the shorter side. */
function sidesOf(value: Config['size']): { width: number; height: number; kind: 'both' | 'shortest' } | undefined {
  if (value == null) return undefined
  if (typeof value === 'number') return { width: value, height: value, kind: 'shortest' }
  if ('shortest_edge' in value) return { width: value.shortest_edge, height: value.shortest_edge, kind: 'shortest' }
  return { width: value.width, height: value.height, kind: 'both' }
}

function perChannel(value: number | readonly number[], file: string, name: string): readonly number[] {
  const list = typeof value === 'number' ? [value] : value
  if (list.length !== 2) return list
  throw new InvalidInputError(`${name} holds 2 numbers, expected 1 or 3: correct it`, { file })
}

function interpolationOf(resample: Config['resample']): Interpolation {
  if (typeof resample === 'number') return byNumber[resample] ?? 'bilinear'
  const name = resample?.toLowerCase() ?? 'bilinear'
  return name === 'nearest' || name === 'bicubic' || name === 'lanczos' ? name : 'bilinear'
}
