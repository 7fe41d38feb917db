import { int, intOf, textOf } from '../../onnx/index.ts'
import { sizeOf } from '../../tensor/index.ts'
import type { Ops } from '../ops.ts'
import { type Backward, defineRule } from '../rule.ts'
import type { TypedValue } from '../typed-value.ts'
import { stridesOf } from './element-places.ts'
import { type GridTap, gridTaps } from './grid-taps.ts'
import { sumRows } from './row-sums.ts'

/**
 * `yₚ = Σₖ wₖ(p) x[placeₖ(p)]` over 2 or 4 taps per axis, `wₖ` the product of the axes' weights: `∂x` adds `wₖ ∂y` where it
 * was read, and `∂grid` is `Σₖ (∂wₖ/∂p) ⟨∂yₚ, x[placeₖ(p)]⟩` over the channels. Places are constant between jumps.
 */
export const gridSample = defineRule({
  operator: 'GridSample',
  through: ['X', 'grid'],
  backward(call) {
    const { ops, inputs, gradients, wants } = call
    const [x, grid] = [inputs[0]!, inputs[1]!]
    const [batch, channels, ...sizes] = x.dims as [number, number, ...number[]]
    const points = sizeOf(grid.dims.slice(1, -1))
    const taps = combined(ops, tapsPerAxis(call, batch, points, sizes), stridesOf(sizes))
    const gradient = ops.reshape(gradients[0]!, [batch, channels, points])
    return [
      wants(0) ? ops.reshape(byImage(ops, gradient, taps, sizeOf(sizes)), x.dims) : undefined,
      wants(1) ? ops.reshape(byGrid(ops, gradient, x, taps, sizes.length), grid.dims) : undefined,
    ]
  },
})

/** The taps of each axis of the image, `batch × points` each; the grid names the last axis first. */
function tapsPerAxis({ node, ops, inputs }: Backward, batch: number, points: number, sizes: number[]): GridTap[][] {
  const grid = ops.reshape(inputs[1]!, [batch, points, sizes.length])
  return sizes.map((length, axis) => {
    const start = sizes.length - 1 - axis
    const own = ops.reshape(ops.slice(grid, [{ axis: 2, start, end: start + 1 }]), [batch, points])
    return gridTaps(ops, own, {
      length,
      mode: textOf(node, 'mode', 'linear'),
      padding: textOf(node, 'padding_mode', 'zeros'),
      aligned: intOf(node, 'align_corners', 0) === 1,
    })
  })
}

/** One tap of the image: where it lies in all of its axes, its weight, and the weight's derivative by each axis. */
interface ImageTap {
  readonly place: TypedValue
  readonly weight: TypedValue
  readonly slopes: readonly (TypedValue | undefined)[]
}

/** Every choice of one tap per axis. */
function combined(ops: Ops, axes: readonly GridTap[][], strides: readonly number[]): ImageTap[] {
  const [first, ...others] = axes.map((taps, axis) =>
    taps.map(({ place, weight, slope }): ImageTap => {
      const stride = strides[axis]!
      return { place: stride === 1 ? place : ops.mul(place, ops.integers([stride])), weight, slopes: [slope] }
    }),
  )
  return others.reduce(
    (all, taps) =>
      all.flatMap((a) =>
        taps.map((b) => ({
          place: ops.add(a.place, b.place),
          weight: ops.mul(a.weight, b.weight),
          slopes: [
            ...a.slopes.map((slope) => slope && ops.mul(slope, b.weight)),
            ...b.slopes.map((slope) => slope && ops.mul(a.weight, slope)),
          ],
        })),
      ),
    first!,
  )
}

/** What was read of each image, added where it was read: flat. `gradient` is `batch × channels × points`. */
function byImage(ops: Ops, gradient: TypedValue, taps: readonly ImageTap[], size: number): TypedValue {
  const [batch, channels, points] = gradient.dims as [number, number, number]
  const parts = taps.map(({ weight }) => ops.mul(gradient, ops.reshape(weight, [batch, 1, points])))
  const places = ops.concat(
    taps.map(({ place }) => ops.reshape(place, [batch, 1, points])),
    2,
  )
  const images = Array.from({ length: batch * channels }, (_, image) => image * size)
  const count = batch * channels * points * taps.length
  return sumRows(ops, {
    rows: ops.reshape(ops.concat(parts, 2), [1, count, 1]),
    places: ops.add(places, ops.reshape(ops.integers(images), [batch, channels, 1])),
    known: undefined,
    length: batch * channels * size,
  })
}

/** `batch × points × rank`, the last axis of the image first. */
function byGrid(ops: Ops, gradient: TypedValue, x: TypedValue, taps: readonly ImageTap[], rank: number): TypedValue {
  const [batch, channels, points] = gradient.dims as [number, number, number]
  const pixels = ops.transpose(ops.reshape(x, [batch, channels, sizeOf(x.dims.slice(2))]), [0, 2, 1])
  const perPoint = ops.transpose(gradient, [0, 2, 1])
  const sums = taps.map(({ place }) => {
    const tuples = ops.reshape(place, [batch, points, 1])
    const read = ops.node('GatherND', [pixels, tuples], { dims: perPoint.dims }, { batch_dims: int(1) })
    return ops.reduce('ReduceSum', ops.mul(read, perPoint), [2], false)
  })
  const none = ops.expand(ops.scalar(0, gradient), [batch, points])
  const columns = Array.from({ length: rank }, (_, column) => {
    const parts = taps.flatMap(({ slopes }, k) => {
      const slope = slopes[rank - 1 - column]
      return slope === undefined ? [] : [ops.mul(sums[k]!, slope)]
    })
    return ops.reshape(parts.length === 0 ? none : ops.sum(parts), [batch, points, 1])
  })
  return ops.concat(columns, 2)
}
