import { defineUnaryRule } from './unary-rule.ts'

/** `∂sinh x = cosh x`. */
export const sinh = defineUnaryRule({
  operator: 'Sinh',
  through: ['input'],
  gradient: ({ ops, x, gradient }) => ops.mul(gradient, ops.unary('Cosh', x)),
})
