import { sizeOf, tensor } from '../../tensor/index.ts'
import type { Ops } from '../ops.ts'
import type { TypedValue } from '../typed-value.ts'

/** The longest constant that a model is to hold for a repetition. */
const LONGEST = 1 << 14

/**
 * `factor · x`, repeated along axes of length 1 to `dims`, of the same rank. A product with a short constant does this in
 * one pass, up to four times as fast as `Expand`.
 */
export function repeated(ops: Ops, x: TypedValue, dims: readonly number[], factor = 1): TypedValue {
  const times = dims.map((dim, axis) => (x.dims[axis] === 1 ? dim : 1))
  const size = sizeOf(times)
  if (size === 1) return ops.scale(ops.reshape(x, dims), factor)
  if (size > LONGEST || size === sizeOf(dims)) return ops.expand(ops.scale(x, factor), dims)
  return ops.mul(x, filled(ops, x, times, factor))
}

function filled(ops: Ops, like: TypedValue, dims: readonly number[], value: number): TypedValue {
  const size = sizeOf(dims)
  return like.type === 'float64'
    ? ops.constant(tensor('float64', dims, new Float64Array(size).fill(value)))
    : ops.cast(ops.constant(tensor('float32', dims, new Float32Array(size).fill(value))), like.type)
}
