import { InvalidInputError, type Model } from 'graft-learn'
import { findConfig } from './find-config.ts'
import type { ImageHooks } from './image-folder.ts'
import { type ImageInput, imageInputOf } from './image-input.ts'
import { PREPROCESSING_KEY, type Preprocessing, parsePreprocessing } from './preprocessing.ts'
import {
  type ChosenPreprocessing,
  type PreprocessingOptions,
  readPreprocessingOptions,
} from './preprocessing-options.ts'
import { type PresetValues, presets } from './presets.ts'

const DEFAULT_SIZE = 224

/** Where values stand before the call's own options have their say. */
interface Base {
  readonly values: PresetValues & { readonly width?: number; readonly height?: number }
  /** In words, for messages. */
  readonly from: string
}

/**
 * How a model wants its images. In this order: `--preset`; what a tuned model says in its own metadata; a configuration
 * beside its file (see `findConfig`); else `mobilenet` (RGB, −1 to 1, stretched), with a warning. `--mean --std
 * --channels --size` change single values. Size, layout and the number of channels are those of the model's input as far
 * as its file tells; sizes that contradict it are refused. Throws `InvalidInputError`.
 */
export async function preprocessingOf(
  modelFile: string,
  model: Model,
  options: PreprocessingOptions = {},
  hooks: ImageHooks = {},
): Promise<Preprocessing> {
  const chosen = readPreprocessingOptions(options)
  const input = imageInputOf(model, modelFile)
  const base = await baseOf(modelFile, model, chosen, hooks)
  const turned = chosen.channels !== undefined && isTurned(chosen.channels, base.values.channels)
  const values = { ...(turned ? turnedRound(base.values) : base.values), ...chosen.normalisation }
  const channels = channelsOf(chosen, values, input, modelFile)
  const size = sizeOf(chosen, base, input, modelFile, hooks)
  // A mean of three channels says nothing of one: grey models take the middle.
  const grey = (list: readonly number[]) => (list.length === 1 ? list : [list.reduce((a, b) => a + b, 0) / list.length])
  return {
    ...size,
    resize: values.resize,
    cropShare: values.cropShare,
    channels,
    scale: values.scale,
    mean: channels === 'grey' ? grey(values.mean) : values.mean,
    std: channels === 'grey' ? grey(values.std) : values.std,
    layout: input.layout,
    interpolation: values.interpolation,
  }
}

const isTurned = (a: Preprocessing['channels'], b: Preprocessing['channels']): boolean =>
  (a === 'rgb' && b === 'bgr') || (a === 'bgr' && b === 'rgb')

/** Where a call turns the order of the channels round, means and spreads go with their channels. */
const turnedRound = (values: Base['values']): Base['values'] => ({
  ...values,
  mean: values.mean.toReversed(),
  std: values.std.toReversed(),
})

async function baseOf(file: string, model: Model, chosen: ChosenPreprocessing, hooks: ImageHooks): Promise<Base> {
  if (chosen.preset !== undefined) return { values: chosen.preset, from: '--preset' }
  const own = model.metadata[PREPROCESSING_KEY]
  if (own !== undefined) return { values: parsePreprocessing(own, file), from: 'the model’s metadata' }
  const config = await findConfig(file, hooks.warn)
  if (config !== undefined) return { values: config.values, from: config.file }
  if (chosen.normalisation === undefined) {
    hooks.warn?.(
      `${file}: nothing says how it wants its images; taken as RGB from -1 to 1, stretched to size (--preset mobilenet). If it was trained otherwise, features suffer: --preset imagenet (torchvision, timm) or caffe, or --mean --std --channels`,
    )
  }
  return { values: presets.mobilenet, from: 'the default' }
}

function channelsOf(
  chosen: ChosenPreprocessing,
  values: PresetValues,
  input: ImageInput,
  file: string,
): Preprocessing['channels'] {
  const channels = chosen.channels ?? (input.depth === 1 ? 'grey' : values.channels)
  const depth = channels === 'grey' ? 1 : 3
  if (input.depth === null || input.depth === depth) return channels
  throw new InvalidInputError(
    `channels are to be ${channels}, but input "${input.name}" takes ${input.depth}: choose --channels ${input.depth === 1 ? 'grey' : 'rgb or bgr'}`,
    { file },
  )
}

function sizeOf(
  { size }: ChosenPreprocessing,
  { values, from }: Base,
  input: ImageInput,
  file: string,
  hooks: ImageHooks,
): { width: number; height: number } {
  const fixed = `input "${input.name}" is ${input.width ?? '?'} x ${input.height ?? '?'} (width x height)`
  const fits = (width: number, height: number) =>
    (input.width ?? width) === width && (input.height ?? height) === height
  if (size !== undefined && !fits(size.width, size.height)) {
    throw new InvalidInputError(
      `--size ${size.width}x${size.height} does not fit the model: ${fixed}; leave --size out`,
      {
        file,
      },
    )
  }
  const { width, height } = values
  if (size === undefined && width !== undefined && height !== undefined && !fits(width, height)) {
    hooks.warn?.(
      `${file}: ${from} says ${width} x ${height}, but ${fixed}: images are brought to the size of the input`,
    )
  }
  return {
    width: size?.width ?? input.width ?? width ?? DEFAULT_SIZE,
    height: size?.height ?? input.height ?? height ?? DEFAULT_SIZE,
  }
}
