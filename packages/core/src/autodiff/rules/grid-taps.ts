import type { Ops } from '../ops.ts'
import type { TypedValue } from '../typed-value.ts'

/** How `GridSample` reads along one axis of a given length. */
export interface GridAxis {
  readonly length: number
  readonly mode: string
  readonly padding: string
  readonly aligned: boolean
}

/** A place that is read along an axis, for every point of a grid. */
export interface GridTap {
  /** Whole numbers in 0 … length − 1, as int64. */
  readonly place: TypedValue
  readonly weight: TypedValue
  /** The derivative of the weight by the grid's coordinate; none where it is zero. */
  readonly slope: TypedValue | undefined
}

/** A tap's distance from the floor of the coordinate, and its weight as a polynomial of what the floor leaves. */
type Weighing = readonly [distance: number, polynomial: readonly number[]]

const linear: readonly Weighing[] = [
  [0, [1, -1]],
  [1, [0, 1]],
]

/** Keys' cubic (1981) with a coefficient of −0.75. */
const cubic: readonly Weighing[] = [
  [-1, [0, -0.75, 1.5, -0.75]],
  [0, [1, 0, -2.25, 1.25]],
  [1, [0, 0.75, 1.5, -1.25]],
  [2, [0, 0, -0.75, 0.75]],
]

const weighings: Readonly<Record<string, readonly Weighing[]>> = {
  nearest: [[0, [1]]],
  linear,
  bilinear: linear,
  cubic,
  bicubic: cubic,
}

/** The taps of an axis at `coordinates`, −1 and 1 being its ends. */
export function gridTaps(ops: Ops, coordinates: TypedValue, axis: GridAxis): GridTap[] {
  const [low, high] = axis.aligned ? [0, axis.length - 1] : [-0.5, axis.length - 0.5]
  const scale = (high - low) / 2
  const place = ops.add(ops.scale(coordinates, scale), ops.scalar(low + scale, coordinates))
  const floor = ops.unary(axis.mode === 'nearest' ? 'Round' : 'Floor', place)
  const rest = ops.sub(place, floor)
  return (weighings[axis.mode] ?? linear).map(([distance, polynomial]) => {
    const tap = distance === 0 ? floor : ops.add(floor, ops.scalar(distance, floor))
    const derivative = polynomial.slice(1).map((c, i) => c * (i + 1) * scale)
    const isInside = axis.padding === 'zeros' ? insideOf(ops, tap, axis.length) : undefined
    const masked = (x: TypedValue) => (isInside === undefined ? x : ops.mul(x, isInside))
    return {
      place: ops.cast(inside(ops, tap, axis, low, high), 'int64'),
      weight: masked(evaluate(ops, polynomial, rest)),
      slope: derivative.length === 0 ? undefined : masked(evaluate(ops, derivative, rest)),
    }
  })
}

/** A polynomial, lowest coefficient first, by Horner's rule; of the shape of `x`. */
function evaluate(ops: Ops, polynomial: readonly number[], x: TypedValue): TypedValue {
  const [last, ...lower] = polynomial.toReversed() as [number, ...number[]]
  const constant = ops.scalar(last, x)
  if (lower.length === 0) return ops.expand(constant, x.dims)
  return lower.reduce((sum, c) => (c === 0 ? ops.mul(sum, x) : ops.add(ops.mul(sum, x), ops.scalar(c, x))), constant)
}

/** 1 where a place exists. */
const insideOf = (ops: Ops, place: TypedValue, length: number): TypedValue =>
  ops.indicator(ops.compare('Equal', place, clip(ops, place, length)), place)

/** What is read instead of a place beyond the ends: the end, or the place that a mirror there shows. */
function inside(ops: Ops, place: TypedValue, { length, padding }: GridAxis, low: number, high: number): TypedValue {
  const period = 2 * (high - low)
  if (padding !== 'reflection' || period === 0) return clip(ops, place, length)
  const number = (value: number) => ops.scalar(value, place)
  const beyond = ops.sub(place, number(low))
  const along = ops.sub(beyond, ops.scale(ops.unary('Floor', ops.div(beyond, number(period))), period))
  const folded = ops.node('Min', [along, ops.sub(number(period), along)], { dims: place.dims })
  return clip(ops, ops.add(folded, number(low)), length)
}

const clip = (ops: Ops, x: TypedValue, length: number): TypedValue =>
  ops.node('Clip', [x, ops.scalar(0, x), ops.scalar(length - 1, x)], { dims: x.dims })
