import { int, ints } from '../../onnx/index.ts'
import { sizeOf } from '../../tensor/index.ts'
import type { Ops } from '../ops.ts'
import type { TypedValue } from '../typed-value.ts'
import type { WindowGeometry } from './window-geometry.ts'

/** How many rows a product of gathered taps should have at least, so that it is worth a matrix product. */
const ROWS = 64

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
  return x.dims[1] === groups && groups > 1
    ? byConvolution(ops, x, g, groups, geometry)
    : byTaps(ops, x, g, groups, geometry)
}

/**
 * For each tap of the kernel a product over all rows and positions: the part of `x` that the tap saw, times `g`. Taps
 * of few channels share one product.
 */
function byTaps(ops: Ops, x: TypedValue, g: TypedValue, groups: number, geometry: WindowGeometry): TypedValue {
  const { kernel, strides, dilations, begins, ends } = geometry
  const [n, c] = [x.dims[0]!, x.dims[1]!]
  const m = g.dims[1]!
  const out = g.dims.slice(2)
  const positions = n * sizeOf(out)
  const right = channelsFirst(ops, g)
  const none = [0, 0]
  const left = channelsFirst(ops, ops.pad(x, [...none, ...begins], [...none, ...ends]))
  const parts = tapsOf(kernel).map((tap) =>
    ops.slice(
      left,
      tap.map((t, i) => {
        const start = t * dilations[i]!
        return { axis: i + 2, start, end: start + (out[i]! - 1) * strides[i]! + 1, step: strides[i]! }
      }),
    ),
  )
  const perGroup = c / groups
  const together = Math.min(parts.length, Math.max(1, Math.ceil(ROWS / perGroup)))
  const products: TypedValue[] = []
  for (let at = 0; at < parts.length; at += together) {
    const taps = parts.slice(at, at + together)
    const shaped = taps.map((part) => ops.reshape(part, [groups, 1, perGroup, positions]))
    const rows = ops.concat(shaped, 1)
    products.push(product(ops, right, rows, groups, taps.length, perGroup, positions, m / groups))
  }
  // groups × M/groups × taps × C/groups, taps to the end.
  const all = ops.concat(products, 2)
  return ops.reshape(ops.transpose(all, [0, 1, 3, 2]), [m, perGroup, ...kernel])
}

/** `groups × M/groups × taps × C/groups`. */
function product(
  ops: Ops,
  g: TypedValue,
  rows: TypedValue,
  groups: number,
  taps: number,
  perGroup: number,
  positions: number,
  outputs: number,
): TypedValue {
  const dims = [groups, outputs, taps, perGroup]
  if (groups === 1) {
    const flat = ops.reshape(rows, [taps * perGroup, positions])
    return ops.reshape(ops.gemm(ops.reshape(g, [outputs, positions]), flat, { transB: true }), dims)
  }
  const left = ops.reshape(g, [groups, outputs, positions])
  return ops.reshape(ops.matmul(left, ops.swap(ops.reshape(rows, [groups, taps * perGroup, positions]))), dims)
}

/** `N × C × …` as `C × N × …`. */
function channelsFirst(ops: Ops, x: TypedValue): TypedValue {
  return ops.transpose(x, [1, 0, ...Array.from({ length: x.dims.length - 2 }, (_, i) => i + 2)])
}

/**
 * Depthwise: a convolution of `x` with `g` for its kernel, the rows of the batch being its channels, and strides and
 * dilations swapped.
 */
function byConvolution(ops: Ops, x: TypedValue, g: TypedValue, groups: number, geometry: WindowGeometry): TypedValue {
  const { kernel, strides, dilations, begins, ends } = geometry
  const [n, m] = [x.dims[0]!, g.dims[1]!]
  const space = x.dims.slice(2)
  const out = g.dims.slice(2)
  const rows = ops.reshape(channelsFirst(ops, x), [1, groups * n, ...space])
  // What is left of the input after the last window would give taps that the kernel does not have.
  const size = space.map(
    (s, i) => Math.floor((s + begins[i]! + ends[i]! - (out[i]! - 1) * strides[i]! - 1) / dilations[i]!) + 1,
  )
  const taps = ops.node(
    'Conv',
    [rows, channelsFirst(ops, g)],
    { dims: [1, m, ...size] },
    {
      group: int(groups),
      strides: ints(dilations),
      dilations: ints(strides),
      pads: ints([...begins, ...ends]),
    },
  )
  const kept = ops.slice(
    taps,
    kernel.map((end, i) => ({ axis: i + 2, start: 0, end })),
  )
  return ops.reshape(kept, [m, 1, ...kernel])
}

/** Every position in a kernel, the last dimension fastest. */
function tapsOf(kernel: readonly number[]): number[][] {
  return kernel.reduce<number[][]>(
    (taps, size) => taps.flatMap((tap) => Array.from({ length: size }, (_, t) => [...tap, t])),
    [[]],
  )
}
