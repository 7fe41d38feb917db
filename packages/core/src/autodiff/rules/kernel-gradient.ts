import { int, ints } from '../../onnx/index.ts'
import { sizeOf } from '../../tensor/index.ts'
import type { Ops } from '../ops.ts'
import type { TypedValue } from '../typed-value.ts'
import { depthwiseKernelGradient } from './depthwise-kernel-gradient.ts'
import type { WindowGeometry } from './window-geometry.ts'

/** Kernels of so many taps, on so few channels, are worth a convolution of their own for each image. */
const TAPS = 16
const CHANNELS = 8

/** How many rows a product of gathered taps should have at least, so that it is worth a matrix product. */
const ROWS = 32

/**
 * The gradient `M × C/groups × kernel` of a convolution's kernel, from its input `x` (`N × C × …`) and the gradient `g`
 * (`N × M × …`) of its output: `∂W[m, c, t] = Σₙₒ g[n, m, o] x[n, c, stride · o + dilation · t − begin]`.
 */
export function kernelGradient(
  ops: Ops,
  x: TypedValue,
  g: TypedValue,
  groups: number,
  geometry: WindowGeometry,
): TypedValue {
  const depthwise = x.dims[1] === groups && groups > 1
  if (depthwise && geometry.kernel.length <= 2) return depthwiseKernelGradient(ops, x, g, geometry)
  if (depthwise) return byConvolution(ops, x, g, groups, geometry)
  const wide = groups === 1 && x.dims[1]! <= CHANNELS && sizeOf(geometry.kernel) >= TAPS
  return wide ? byImages(ops, x, g, geometry) : byTaps(ops, x, g, groups, geometry)
}

/**
 * A wide kernel on few channels: each image is convolved with its own `g`, all of them in one grouped convolution, and the
 * results are added up. ONNX Runtime shares the groups out among its threads; cutting out the taps would be on one.
 */
function byImages(ops: Ops, x: TypedValue, g: TypedValue, geometry: WindowGeometry): TypedValue {
  const [n, c, m] = [x.dims[0]!, x.dims[1]!, g.dims[1]!]
  const kernels = ops.reshape(g, [n * m, 1, ...g.dims.slice(2)])
  const taps = ops.reshape(tapsBy(ops, channelsFirst(ops, x), kernels, n, geometry), [
    c,
    n,
    m * sizeOf(geometry.kernel),
  ])
  const total = ops.reshape(ops.reduce('ReduceSum', taps, [1], false), [c, m, sizeOf(geometry.kernel)])
  return ops.reshape(ops.transpose(total, [1, 0, 2]), [m, c, ...geometry.kernel])
}

/**
 * For each tap of the kernel a product over all positions: the part of `x` that the tap saw, times `g`. Taps of few
 * channels share one product. Where an image has many positions, each image has a product of its own and the results
 * are added up; otherwise one product goes over the whole batch, which takes a transposition of `x` and `g`.
 */
function byTaps(ops: Ops, x: TypedValue, g: TypedValue, groups: number, geometry: WindowGeometry): TypedValue {
  const { kernel, strides, dilations, begins, ends } = geometry
  const [m, perGroup] = [g.dims[1]!, x.dims[1]! / groups]
  const out = g.dims.slice(2)
  const none = [0, 0]
  const padded = ops.pad(x, [...none, ...begins], [...none, ...ends])
  const single = sizeOf(out) * (m + perGroup) >= 2 * m * perGroup
  const left = byBatch(ops, g, groups, single)
  const seen = tapsOf(kernel).map((tap) =>
    ops.slice(
      padded,
      tap.map((t, i) => {
        const start = t * dilations[i]!
        return { axis: i + 2, start, end: start + (out[i]! - 1) * strides[i]! + 1, step: strides[i]! }
      }),
    ),
  )
  const together = Math.min(seen.length, Math.ceil(ROWS / perGroup))
  const products: TypedValue[] = []
  for (let at = 0; at < seen.length; at += together) {
    const parts = seen.slice(at, at + together).map((part) => byBatch(ops, part, groups, single))
    const product = ops.matmul(left, ops.swap(ops.concat(parts, 2)))
    products.push(ops.sumTo(product, [groups, ...product.dims.slice(-2)]))
  }
  // groups × M/groups × (taps · C/groups), taps to the end.
  const all = ops.reshape(ops.concat(products, 2), [m, seen.length, perGroup])
  return ops.reshape(ops.transpose(all, [0, 2, 1]), [m, perGroup, ...kernel])
}

/** `N × C × …` as `N × groups × C/groups × positions`, or with the batch among the positions, `1 × groups × …`. */
function byBatch(ops: Ops, x: TypedValue, groups: number, single: boolean): TypedValue {
  const [n, c] = [x.dims[0]!, x.dims[1]!]
  const positions = sizeOf(x.dims.slice(2))
  return single
    ? ops.reshape(x, [n, groups, c / groups, positions])
    : ops.reshape(channelsFirst(ops, x), [1, groups, c / groups, n * positions])
}

/** `N × C × …` as `C × N × …`. */
function channelsFirst(ops: Ops, x: TypedValue): TypedValue {
  return ops.transpose(x, [1, 0, ...Array.from({ length: x.dims.length - 2 }, (_, i) => i + 2)])
}

/**
 * Depthwise, in three dimensions: a convolution of `x` with `g` for its kernel, the rows of the batch being its channels.
 */
function byConvolution(ops: Ops, x: TypedValue, g: TypedValue, groups: number, geometry: WindowGeometry): TypedValue {
  const [n, m] = [x.dims[0]!, g.dims[1]!]
  const rows = ops.reshape(channelsFirst(ops, x), [1, groups * n, ...x.dims.slice(2)])
  return ops.reshape(tapsBy(ops, rows, channelsFirst(ops, g), groups, geometry), [m, 1, ...geometry.kernel])
}

/**
 * The convolution of `x` with kernels that are gradients of a convolution's output, strides and dilations swapped: what each
 * tap of that convolution's kernel saw, times the gradient. `rows × kernels × taps`.
 */
function tapsBy(
  ops: Ops,
  x: TypedValue,
  kernels: TypedValue,
  groups: number,
  { kernel, strides, dilations, begins, ends }: WindowGeometry,
): TypedValue {
  const out = kernels.dims.slice(2)
  // What is left of the input after the last window would give taps that the kernel does not have.
  const size = x.dims
    .slice(2)
    .map((s, i) => Math.floor((s + begins[i]! + ends[i]! - (out[i]! - 1) * strides[i]! - 1) / dilations[i]!) + 1)
  const attributes = {
    group: int(groups),
    strides: ints(dilations),
    dilations: ints(strides),
    pads: ints([...begins, ...ends]),
  }
  const taps = ops.node('Conv', [x, kernels], { dims: [x.dims[0]!, kernels.dims[0]!, ...size] }, attributes)
  return ops.slice(
    taps,
    kernel.map((end, i) => ({ axis: i + 2, start: 0, end })),
  )
}

/** Every position in a kernel, the last dimension fastest. */
function tapsOf(kernel: readonly number[]): number[][] {
  return kernel.reduce<number[][]>(
    (taps, size) => taps.flatMap((tap) => Array.from({ length: size }, (_, t) => [...tap, t])),
    [[]],
  )
}
