import { step } from './step.ts'
import { defineUnaryRule } from './unary-rule.ts'

/** `∂max(x, 0)`: one above 0, zero elsewhere. */
export const relu = defineUnaryRule({
  operator: 'Relu',
  through: ['X'],
  gradient: ({ ops, y, gradient }) => ops.mul(gradient, step(ops, y, 0, 1)),
})
