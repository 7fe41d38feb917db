/** A place of the input and how much it weighs. */
export interface Tap {
  readonly place: number
  readonly weight: number
}

/** For each place of a resized axis, the places of the input that it is the weighted sum of; none where it is filled. */
export type Taps = readonly (readonly Tap[])[]

/** How one axis is resized. */
export interface ResizeForm {
  readonly input: number
  readonly output: number
  /** How much longer the axis becomes, before its length was made whole. */
  readonly scale: number
  /** The part that `tf_crop_and_resize` shows, as fractions of the axis. */
  readonly crop: readonly [start: number, end: number]
  readonly mode: string
  /** `coordinate_transformation_mode`. */
  readonly transformation: string
  /** `nearest_mode`. */
  readonly rounding: string
  readonly cubicCoefficient: number
  readonly excludeOutside: boolean
  readonly antialias: boolean
}

/**
 * The taps of an axis, as ONNX defines them. Which place is nearest on either side of a tie, float32 decides, in which
 * ONNX Runtime computes coordinates.
 */
export function tapsOf(form: ResizeForm): Taps {
  const round = form.mode === 'nearest' ? Math.fround : (x: number) => x
  return Array.from({ length: form.output }, (_, i) => {
    const x = coordinate(i, form, round)
    if (form.transformation === 'tf_crop_and_resize' && (x < 0 || x > form.input - 1)) return []
    if (form.mode === 'nearest') return [{ place: clamped(nearest(x, form.rounding), form), weight: 1 }]
    const cubicWeight = (distance: number) => cubic(distance, form.cubicCoefficient)
    const [weigh, reach] = form.mode === 'cubic' ? ([cubicWeight, 2] as const) : ([triangle, 1] as const)
    return around(x, form, weigh, reach)
  })
}

const clamped = (place: number, { input }: ResizeForm): number => Math.min(input - 1, Math.max(0, place))

/** The place, with its fraction, of the input that place `i` of the output stands for; `f` rounds what is computed. */
function coordinate(i: number, form: ResizeForm, f: (x: number) => number): number {
  const { input, output, crop, transformation } = form
  const scale = f(form.scale)
  const halfPixel = () => f(f(f(i + 0.5) / scale) - 0.5)
  switch (transformation) {
    case 'asymmetric':
      return f(i / scale)
    case 'pytorch_half_pixel':
      return output > 1 ? halfPixel() : 0
    case 'align_corners':
      return output > 1 ? f(f(i * (input - 1)) / (output - 1)) : 0
    case 'tf_half_pixel_for_nn':
      return f(f(i + 0.5) / scale)
    case 'half_pixel_symmetric': {
      const center = f(input / 2)
      return f(f(center * f(1 - f(output / f(scale * input)))) + halfPixel())
    }
    case 'tf_crop_and_resize': {
      const [start, end] = crop
      if (output === 1) return f(0.5 * f(start + end) * (input - 1))
      return f(f(start * (input - 1)) + f(f(f(i * f(end - start)) * (input - 1)) / (output - 1)))
    }
    default:
      return halfPixel()
  }
}

function nearest(x: number, rounding: string): number {
  if (rounding === 'floor') return Math.floor(x)
  if (rounding === 'ceil') return Math.ceil(x)
  const below = Math.floor(x)
  const goesUp = rounding === 'round_prefer_ceil' ? x - below >= 0.5 : x - below > 0.5
  return goesUp ? below + 1 : below
}

const triangle = (distance: number): number => Math.max(0, 1 - Math.abs(distance))

/** The weight of a place at a distance (Keys 1981, equation 4). */
function cubic(distance: number, a: number): number {
  const x = Math.abs(distance)
  if (x >= 2) return 0
  return x <= 1 ? ((a + 2) * x - (a + 3)) * x * x + 1 : ((a * x - 5 * a) * x + 8 * a) * x - 4 * a
}

/**
 * The places nearer than `reach` to `x`, or than the pixel that it stands for where antialiasing makes one of several.
 * Those beyond the ends weigh nothing, or count for the last one.
 */
function around(x: number, form: ResizeForm, weigh: (distance: number) => number, reach: number): Tap[] {
  const width = form.antialias ? Math.max(1, 1 / form.scale) : 1
  const first = Math.ceil(x - reach * width)
  const count = Math.floor(x + reach * width) - first + 1
  const weights = new Map<number, number>()
  for (let place = first; place < first + count; place++) {
    if (form.excludeOutside && place !== clamped(place, form)) continue
    const at = clamped(place, form)
    weights.set(at, (weights.get(at) ?? 0) + weigh((place - x) / width))
  }
  const total = form.antialias || form.excludeOutside ? [...weights.values()].reduce((sum, w) => sum + w, 0) : 1
  return [...weights].filter(([, weight]) => weight !== 0).map(([place, weight]) => ({ place, weight: weight / total }))
}
