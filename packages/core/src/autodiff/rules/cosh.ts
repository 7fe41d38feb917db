import { defineUnaryRule } from './unary-rule.ts'

/** `∂cosh x = sinh x`. */
export const cosh = defineUnaryRule({
  operator: 'Cosh',
  through: ['input'],
  gradient: ({ ops, x, gradient }) => ops.mul(gradient, ops.unary('Sinh', x)),
})
