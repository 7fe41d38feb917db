import { defineUnaryRule } from './unary-rule.ts'

/** `∂arctan x = 1/(1 + x²)`. */
export const atan = defineUnaryRule({
  operator: 'Atan',
  through: ['input'],
  gradient: ({ ops, x, gradient }) => ops.div(gradient, ops.add(ops.mul(x, x), ops.scalar(1, x))),
})
