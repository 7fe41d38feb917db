import type { Ops } from '../ops.ts'
import type { TypedValue } from '../typed-value.ts'
import { clamp, tiny } from './clamp.ts'
import { defineUnaryRule } from './unary-rule.ts'

/** The gradient by `x` from that by `√x`: `∂y / 2√x`, finite where `x ≤ 0`, and 0 there where `∂y` is. */
export const throughRoot = (ops: Ops, gradient: TypedValue, x: TypedValue): TypedValue =>
  ops.div(ops.scale(gradient, 0.5), ops.unary('Sqrt', clamp(ops, x, { min: tiny(x) })))

/** `∂√x = 1 / (2√x)`. */
export const sqrt = defineUnaryRule({
  operator: 'Sqrt',
  through: ['X'],
  gradient: ({ ops, x, gradient }) => throughRoot(ops, gradient, x),
})
