import { InvalidInputError } from '../../errors.ts'

/** How one axis is resized. */
export interface ResizedAxis {
  /** How many places there are, and how many there will be. */
  readonly input: number
  readonly output: number
  /** How much longer the result is, before its length was made whole. */
  readonly scale: number
  /** The part of the axis to crop to, as fractions of it: for `tf_crop_and_resize` alone. */
  readonly crop: readonly [start: number, end: number]
}

/** What `Resize` does with coordinates, by its attributes' names. */
export interface Interpolation {
  readonly mode: string
  readonly transformation: string
  readonly nearest: string
  readonly cubicCoefficient: number
  readonly excludeOutside: boolean
}

/** Each place of a resized axis as a weighted sum of `count` places of the axis before: `count` numbers per place. */
export interface Taps {
  readonly count: number
  readonly places: Int32Array
  readonly weights: Float64Array
  /** 1 where the coordinate lies outside the axis. */
  readonly outside: Uint8Array
}

/** The sums that resize one axis. Throws `InvalidInputError` for an attribute that ONNX does not define. */
export function resizingTaps(axis: ResizedAxis, interpolation: Interpolation): Taps {
  const { input, output } = axis
  const interpolate = interpolations[interpolation.mode]
  if (interpolate === undefined) throw unknown('mode', interpolation.mode)
  const { before, weigh, count } = interpolate(interpolation, axis)
  // The nearest place is another one on either side of a tie: which side, is for float32 to say, the type of scales.
  const round = interpolation.mode === 'nearest' ? Math.fround : (x: number) => x
  const places = new Int32Array(output * count)
  const weights = new Float64Array(output * count)
  const outside = new Uint8Array(output)
  const own = new Float64Array(count)
  for (let i = 0; i < output; i++) {
    const x = coordinate(i, axis, interpolation.transformation, round)
    outside[i] = x < 0 || x > input - 1 ? 1 : 0
    const first = Math.floor(x) - before
    weigh(x - Math.floor(x), own)
    let total = 0
    for (let k = 0; k < count; k++) {
      const exists = first + k >= 0 && first + k < input
      places[i * count + k] = Math.min(input - 1, Math.max(0, first + k))
      weights[i * count + k] = exists || !interpolation.excludeOutside ? own[k] : 0
      total += weights[i * count + k]
    }
    if (interpolation.excludeOutside) for (let k = i * count; k < (i + 1) * count; k++) weights[k] /= total
  }
  return { count, places, weights, outside }
}

const unknown = (what: string, got: string): InvalidInputError =>
  new InvalidInputError(`the interpreter knows no ${what} "${got}" of Resize`)

/**
 * The place, with its fraction, of the axis before that place `i` of the resized axis stands for. `round` is applied
 * to what is computed.
 */
function coordinate(i: number, axis: ResizedAxis, transformation: string, round: (x: number) => number): number {
  const { input, output } = axis
  const [start, end] = axis.crop
  const scale = round(axis.scale)
  const scaled = round((i + 0.5) / scale)
  switch (transformation) {
    case 'half_pixel':
      return round(scaled - 0.5)
    case 'half_pixel_symmetric': {
      const offset = round((input / 2) * round(1 - round(output / round(scale * input))))
      return round(offset + (i + 0.5) / scale - 0.5)
    }
    case 'pytorch_half_pixel':
      return output > 1 ? round(scaled - 0.5) : 0
    case 'align_corners':
      return output > 1 ? round((i * (input - 1)) / (output - 1)) : 0
    case 'asymmetric':
      return round(i / scale)
    case 'tf_half_pixel_for_nn':
      return scaled
    case 'tf_crop_and_resize':
      return output > 1
        ? round(round(start * (input - 1)) + round(round(i * round(end - start) * (input - 1)) / (output - 1)))
        : round(0.5 * round(start + end) * (input - 1))
    default:
      throw unknown('coordinate_transformation_mode', transformation)
  }
}

/** `count` places from `before` before the coordinate's floor on, weighed by the fraction that floor leaves. */
interface Weighing {
  readonly before: number
  readonly count: number
  weigh(fraction: number, weights: Float64Array): void
}

const interpolations: Readonly<Record<string, (how: Interpolation, axis: ResizedAxis) => Weighing>> = {
  nearest: ({ nearest }, { scale }) => {
    const rule = nearest === 'simple' ? (scale < 1 ? 'ceil' : 'floor') : nearest
    const up = roundsUp[rule]
    if (up === undefined) throw unknown('nearest_mode', nearest)
    return {
      before: 0,
      count: 2,
      weigh(fraction, weights) {
        weights[1] = up(fraction) ? 1 : 0
        weights[0] = 1 - weights[1]
      },
    }
  },
  linear: () => ({
    before: 0,
    count: 2,
    weigh(fraction, weights) {
      weights[0] = 1 - fraction
      weights[1] = fraction
    },
  }),
  cubic: ({ cubicCoefficient: a }) => ({
    before: 1,
    count: 4,
    weigh(fraction, weights) {
      for (let k = 0; k < 4; k++) weights[k] = cubic(Math.abs(k - 1 - fraction), a)
    },
  }),
}

/** Whether the place above the coordinate is taken, by the fraction that its floor leaves. */
const roundsUp: Readonly<Record<string, (fraction: number) => boolean>> = {
  round_prefer_floor: (fraction) => fraction > 0.5,
  round_prefer_ceil: (fraction) => fraction >= 0.5,
  floor: () => false,
  ceil: (fraction) => fraction > 0,
}

/** The weight of a place at a distance below 2 (Keys 1981, equation 4). */
const cubic = (x: number, a: number): number =>
  x <= 1 ? ((a + 2) * x - (a + 3)) * x * x + 1 : ((a * x - 5 * a) * x + 8 * a) * x - 4 * a
