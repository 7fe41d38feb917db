import { clamp, tiny } from './clamp.ts'
import { defineUnaryRule } from './unary-rule.ts'

/** `∂ln x = 1/x`; where `x` is not positive and the logarithm does not matter (a masked place), the gradient is 0. */
export const log = defineUnaryRule({
  operator: 'Log',
  through: ['input'],
  gradient: ({ ops, x, gradient }) => ops.div(gradient, clamp(ops, x, { min: tiny(x) })),
})
