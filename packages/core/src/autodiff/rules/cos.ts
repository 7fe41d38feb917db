import { defineUnaryRule } from './unary-rule.ts'

/** `∂cos x = −sin x`. */
export const cos = defineUnaryRule({
  operator: 'Cos',
  through: ['input'],
  gradient: ({ ops, x, gradient }) => ops.neg(ops.mul(gradient, ops.unary('Sin', x))),
})
