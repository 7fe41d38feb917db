import { defineUnaryRule } from './unary-rule.ts'

/** `∂(−x) = −1`. */
export const neg = defineUnaryRule({
  operator: 'Neg',
  through: ['X'],
  gradient: ({ ops, gradient }) => ops.neg(gradient),
})
