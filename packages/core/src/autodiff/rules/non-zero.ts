import type { Ops } from '../ops.ts'
import type { TypedValue } from '../typed-value.ts'

/** `x` with 1 in the place of 0, to divide by where the dividend is zero or does not matter. */
export const nonZero = (ops: Ops, x: TypedValue): TypedValue =>
  ops.add(x, ops.indicator(ops.compare('Equal', x, ops.scalar(0, x)), x))
