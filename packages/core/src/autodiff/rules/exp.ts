import { defineUnaryRule } from './unary-rule.ts'

/** `∂eˣ = eˣ`. */
export const exp = defineUnaryRule({
  operator: 'Exp',
  through: ['input'],
  gradient: ({ ops, y, gradient }) => ops.mul(gradient, y),
})
