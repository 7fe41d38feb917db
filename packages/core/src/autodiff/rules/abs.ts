import { step } from './step.ts'
import { defineUnaryRule } from './unary-rule.ts'

/** `∂|x| = sign(x)`, 0 at 0. */
export const abs = defineUnaryRule({
  operator: 'Abs',
  through: ['X'],
  gradient: ({ ops, x, gradient }) => ops.mul(gradient, step(ops, x, -1, 1)),
})
