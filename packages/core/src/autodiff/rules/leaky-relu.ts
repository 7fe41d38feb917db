import { step } from './step.ts'
import { defineUnaryRule } from './unary-rule.ts'

/** 1 above 0, `alpha` below. */
export const leakyRelu = defineUnaryRule({
  operator: 'LeakyRelu',
  through: ['X'],
  gradient: ({ ops, x, gradient, attribute }) => ops.mul(gradient, step(ops, x, attribute('alpha', 0.01), 1)),
})
