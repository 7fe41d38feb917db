import { defineUnaryRule } from './unary-rule.ts'

/** `∂ln(1 + eˣ) = σ(x)`. */
export const softplus = defineUnaryRule({
  operator: 'Softplus',
  through: ['X'],
  gradient: ({ ops, x, gradient }) => ops.mul(gradient, ops.unary('Sigmoid', x)),
})
