import { defineUnaryRule } from './unary-rule.ts'

/** `∂sin x = cos x`. */
export const sin = defineUnaryRule({
  operator: 'Sin',
  through: ['input'],
  gradient: ({ ops, x, gradient }) => ops.mul(gradient, ops.unary('Cos', x)),
})
