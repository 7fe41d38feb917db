import type { Ops } from '../ops.ts'
import type { TypedValue } from '../typed-value.ts'
import { defineUnaryRule } from './unary-rule.ts'

/** `factor · exp(−z²)`, the factor inside the exponent to save a product. */
export const bell = (ops: Ops, z: TypedValue, factor: number): TypedValue =>
  ops.unary('Exp', ops.sub(ops.scalar(Math.log(factor), z), ops.mul(z, z)))

/** `∂erf(x) = 2/√π · exp(−x²)`. */
export const erf = defineUnaryRule({
  operator: 'Erf',
  through: ['input'],
  gradient: ({ ops, x, gradient }) => ops.mul(gradient, bell(ops, x, 2 / Math.sqrt(Math.PI))),
})
