import { defineUnaryRule } from './unary-rule.ts'

/** `∂σ(x) = σ(x) (1 − σ(x))`. */
export const sigmoid = defineUnaryRule({
  operator: 'Sigmoid',
  through: ['X'],
  gradient: ({ ops, y, gradient }) => ops.mul(gradient, ops.mul(y, ops.sub(ops.scalar(1, y), y))),
})
