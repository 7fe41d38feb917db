import { InvalidInputError } from 'graft-learn'
import { type PresetValues, presetNamed } from './presets.ts'

/** What a call says of preprocessing, as text: the values of `--preset --size --mean --std --channels`. */
export interface PreprocessingOptions {
  readonly preset?: string
  /** `224`, or `320x224` (width by height). */
  readonly size?: string
  /** One number, or three with commas between them; in units of 0 to 255 where one of mean or std is above 2. */
  readonly mean?: string
  readonly std?: string
  readonly channels?: string
}

/** The values that a call names. */
export interface ChosenPreprocessing {
  readonly preset: PresetValues | undefined
  readonly size: { readonly width: number; readonly height: number } | undefined
  readonly channels: 'rgb' | 'bgr' | 'grey' | undefined
  readonly normalisation: Pick<PresetValues, 'scale' | 'mean' | 'std'> | undefined
}

/** Above this a mean or spread cannot be of values from 0 to 1 or −1 to 1. */
const PIXEL_UNITS = 2

/** Checks the values of a call; throws `InvalidInputError` that names the option. */
export function readPreprocessingOptions(options: PreprocessingOptions): ChosenPreprocessing {
  const mean = numbersOf('--mean', options.mean)
  const std = numbersOf('--std', options.std)
  if (std?.some((value) => value <= 0)) throw new InvalidInputError(`--std ${options.std}: expected numbers above 0`)
  const pixels = [...(mean ?? []), ...(std ?? [])].some((value) => Math.abs(value) > PIXEL_UNITS)
  return {
    preset: options.preset === undefined ? undefined : presetNamed(options.preset),
    size: sizeOf(options.size),
    channels: channelsOf(options.channels),
    normalisation:
      mean === undefined && std === undefined
        ? undefined
        : { scale: pixels ? 1 : 1 / 255, mean: mean ?? [0], std: std ?? [1] },
  }
}

function sizeOf(text: string | undefined): ChosenPreprocessing['size'] {
  if (text === undefined) return undefined
  const found = /^(\d{1,4})(?:[x×](\d{1,4}))?$/i.exec(text.trim())
  const [width, height] = [Number(found?.[1]), Number(found?.[2] ?? found?.[1])]
  if (width > 0 && height > 0 && width <= 8192 && height <= 8192) return { width, height }
  throw new InvalidInputError(
    `--size ${text}: expected a number of pixels such as 224, or width x height such as 320x224`,
  )
}

function channelsOf(text: string | undefined): ChosenPreprocessing['channels'] {
  if (text === undefined) return undefined
  const name = text.toLowerCase()
  if (name === 'rgb' || name === 'bgr') return name
  if (name === 'grey' || name === 'gray') return 'grey'
  throw new InvalidInputError(`--channels ${text}: expected rgb, bgr or grey`)
}

function numbersOf(option: string, text: string | undefined): number[] | undefined {
  if (text === undefined) return undefined
  const parts = text.split(',').map((part) => part.trim())
  const values = parts.map(Number)
  if ((values.length === 1 || values.length === 3) && values.every(Number.isFinite) && !parts.includes(''))
    return values
  throw new InvalidInputError(`${option} ${text}: expected one number, or three with commas between them`)
}
