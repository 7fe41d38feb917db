import type { Ops } from '../ops.ts'
import type { TypedValue } from '../typed-value.ts'

/** `x` from `start` on along an axis of `length`, zeros elsewhere. */
export function padAlong(ops: Ops, x: TypedValue, axis: number, start: number, length: number): TypedValue {
  const none = x.dims.map(() => 0)
  return ops.pad(x, none.with(axis, start), none.with(axis, length - start - x.dims[axis]!))
}

/** A value of zeros. */
export const zeros = (ops: Ops, like: TypedValue, dims: readonly number[]): TypedValue =>
  ops.expand(ops.scalar(0, like), dims)
