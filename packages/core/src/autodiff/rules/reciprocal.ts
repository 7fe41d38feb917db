import type { Ops } from '../ops.ts'
import type { TypedValue } from '../typed-value.ts'
import { clamp, tiny } from './clamp.ts'
import { defineUnaryRule } from './unary-rule.ts'

/** The gradient by `x` from that by `y = 1/x`: `−y² ∂y`, finite where `x` is 0, and 0 there where `∂y` is. */
export function throughReciprocal(ops: Ops, gradient: TypedValue, y: TypedValue): TypedValue {
  const largest = 1 / Math.sqrt(tiny(y))
  const finite = clamp(ops, y, { min: -largest, max: largest })
  return ops.neg(ops.mul(gradient, ops.mul(finite, finite)))
}

/** `∂(1/x) = −1/x²`. */
export const reciprocal = defineUnaryRule({
  operator: 'Reciprocal',
  through: ['X'],
  gradient: ({ ops, y, gradient }) => throughReciprocal(ops, gradient, y),
})
