import { sizeOf, type Tensor, tensor } from '../../tensor/index.ts'
import type { Ops } from '../ops.ts'
import type { TypedValue } from '../typed-value.ts'
import type { WindowGeometry } from './window-geometry.ts'

/**
 * The kernel gradient `M × 1 × kernel` of a depthwise convolution in one or two dimensions, by matrix products: for each
 * column `v` of the kernel, `P_v[m, o, h] = Σₙ Σ_w g[n, m, o, w] x[n, c, h, stride · w + dilation · v]` pairs every row of `g`
 * with every row of the padded `x`, and a kernel's row `u` is the sum of `P_v` over the pairs `h = stride · o + dilation · u`.
 * Most of `P` goes unused, and still no other form is as fast.
 */
export function depthwiseKernelGradient(ops: Ops, x: TypedValue, g: TypedValue, geometry: WindowGeometry): TypedValue {
  const { kernel, strides, dilations, begins, ends } = asPlane(geometry)
  const [n, channels] = [x.dims[0]!, x.dims[1]!]
  const m = g.dims[1]!
  const [height, width] = planeOf(x.dims)
  const [rows, columns] = planeOf(g.dims)
  const paddedRows = height + begins[0]! + ends[0]!
  const byRow = ops.transpose(ops.reshape(x, [n, channels, height, width]), [1, 2, 0, 3])
  const padded = ops.pad(byRow, [0, begins[0]!, 0, begins[1]!], [0, ends[0]!, 0, ends[1]!])
  const spread = ops.transpose(ops.reshape(g, [n, channels, m / channels, rows, columns]), [1, 2, 3, 0, 4])
  const left = ops.reshape(spread, [channels, (m / channels) * rows, n * columns])
  const pairs = ops.constant(rowPairs(x.type, rows, paddedRows, kernel[0]!, strides[0]!, dilations[0]!))
  const parts = Array.from({ length: kernel[1]! }, (_, v) => {
    const start = v * dilations[1]!
    const end = start + (columns - 1) * strides[1]! + 1
    const seen = ops.slice(padded, [{ axis: 3, start, end, step: strides[1]! }])
    const right = ops.reshape(seen, [channels, paddedRows, n * columns])
    const products = ops.reshape(ops.matmul(left, ops.swap(right)), [m, rows * paddedRows])
    return ops.reshape(ops.matmul(products, pairs), [m, kernel[0]!, 1])
  })
  return ops.reshape(ops.concat(parts, 2), [m, 1, ...geometry.kernel])
}

/** A line as a plane of one row. */
function asPlane(geometry: WindowGeometry): WindowGeometry {
  if (geometry.kernel.length === 2) return geometry
  return {
    kernel: [1, ...geometry.kernel],
    strides: [1, ...geometry.strides],
    dilations: [1, ...geometry.dilations],
    begins: [0, ...geometry.begins],
    ends: [0, ...geometry.ends],
  }
}

const planeOf = (dims: readonly number[]): [number, number] => [sizeOf(dims.slice(2, -1)), dims.at(-1)!]

/** `(rows · paddedRows) × kernel`: 1 where row `o` of the output and row `h` of the input meet in row `u` of the kernel. */
function rowPairs(
  type: TypedValue['type'],
  rows: number,
  paddedRows: number,
  kernel: number,
  stride: number,
  dilation: number,
): Tensor {
  const dims = [rows * paddedRows, kernel]
  const numbers = new Float64Array(sizeOf(dims))
  for (let o = 0; o < rows; o++) {
    for (let u = 0; u < kernel; u++) numbers[(o * paddedRows + o * stride + u * dilation) * kernel + u] = 1
  }
  return type === 'float64' ? tensor(type, dims, numbers) : tensor('float32', dims, Float32Array.from(numbers))
}
