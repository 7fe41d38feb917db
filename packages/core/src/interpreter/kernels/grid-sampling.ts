import { InvalidInputError } from '../../errors.ts'
import { sizeOf } from '../../tensor/index.ts'
import { stridesOf } from '../indexing.ts'
import { type Call, describe, input, intOf, type Kernels, textOf } from '../kernel.ts'
import { value } from '../value.ts'

/** Images and volumes read at the places that a grid names. */
export const gridSampling: Kernels = {
  GridSample: (call) => {
    const x = input(call, 0)
    const grid = input(call, 1)
    const [batch, channels, ...sizes] = x.dims
    const rank = sizes.length
    if (grid.dims.length !== rank + 2 || grid.dims[rank + 1] !== rank) {
      throw new InvalidInputError(
        `${describe(call.node)} cannot read [${x.dims.join(', ')}] at [${grid.dims.join(', ')}]`,
      )
    }
    const outer = grid.dims.slice(1, -1)
    const points = sizeOf(outer)
    const inner = sizeOf(sizes)
    const strides = stridesOf(sizes)
    const tapsAt = sampler(call)
    const result = value(x.kind, [batch, channels, ...outer])
    for (let at = 0; at < batch * points; at++) {
      const n = Math.floor(at / points)
      // The grid names the last axis first.
      const perAxis = sizes.map((length, axis) => tapsAt(grid.data[at * rank + rank - 1 - axis], length))
      const taps = perAxis.reduce((all, own, axis) => cross(all, own, strides[axis]), [{ place: 0, weight: 1 }])
      for (let c = 0; c < channels; c++) {
        const from = (n * channels + c) * inner
        let sum = 0
        for (const { place, weight } of taps) sum += weight * x.data[from + place]
        result.data[(n * channels + c) * points + (at % points)] = sum
      }
    }
    return [result]
  },
}

/** A place that is read, and how much of it. */
interface Tap {
  readonly place: number
  readonly weight: number
}

const cross = (all: readonly Tap[], own: readonly Tap[], stride: number): Tap[] =>
  all.flatMap((a) => own.map((b) => ({ place: a.place + b.place * stride, weight: a.weight * b.weight })))

/** What is read along one axis at a coordinate, −1 and 1 being its ends; places beyond them that count as zero are left out. */
type Sampler = (coordinate: number, length: number) => Tap[]

function sampler(call: Call): Sampler {
  const aligned = intOf(call, 'align_corners', 0) === 1
  const mode = textOf(call, 'mode', 'linear')
  const weigh = weighings[mode]
  const padding = textOf(call, 'padding_mode', 'zeros')
  const inside = paddings[padding]
  if (weigh === undefined) throw new InvalidInputError(`${describe(call.node)} has an unknown mode "${mode}"`)
  if (inside === undefined)
    throw new InvalidInputError(`${describe(call.node)} has an unknown padding_mode "${padding}"`)
  return (coordinate, length) => {
    const [low, high] = aligned ? [0, length - 1] : [-0.5, length - 0.5]
    const place = low + ((coordinate + 1) / 2) * (high - low)
    return weigh(place)
      .map((tap) => ({ ...tap, place: inside(tap.place, length, low, high) }))
      .filter((tap) => tap.place >= 0 && tap.place < length)
  }
}

/** The whole places around a coordinate, with their weights. The names of operator set 16 are older. */
const weighings: Readonly<Record<string, (x: number) => Tap[]>> = {
  nearest: (x) => [{ place: roundToEven(x), weight: 1 }],
  linear,
  bilinear: linear,
  cubic,
  bicubic: cubic,
}

function linear(x: number): Tap[] {
  const place = Math.floor(x)
  return [
    { place, weight: 1 - (x - place) },
    { place: place + 1, weight: x - place },
  ]
}

/** Keys' cubic (1981) with a coefficient of −0.75. */
function cubic(x: number): Tap[] {
  const first = Math.floor(x) - 1
  return [0, 1, 2, 3].map((k) => {
    const distance = Math.abs(first + k - x)
    const near = (1.25 * distance - 2.25) * distance * distance + 1
    const far = -0.75 * (((distance - 5) * distance + 8) * distance - 4)
    return { place: first + k, weight: distance <= 1 ? near : far }
  })
}

const roundToEven = (x: number): number => {
  const floor = Math.floor(x)
  const rest = x - floor
  return rest > 0.5 || (rest === 0.5 && floor % 2 !== 0) ? floor + 1 : floor
}

/** Which place is read instead of one beyond the edge; with zeros it stays beyond. */
const paddings: Readonly<Record<string, (place: number, length: number, low: number, high: number) => number>> = {
  zeros: (place) => place,
  border: (place, length) => Math.min(length - 1, Math.max(0, place)),
  reflection: (place, _, low, high) => {
    if (high === low) return 0
    const period = 2 * (high - low)
    const along = (((place - low) % period) + period) % period
    return low + Math.min(along, period - along)
  },
}
