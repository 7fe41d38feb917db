import { defineUnaryRule } from './unary-rule.ts'

/** `∂tanh x = 1 − tanh² x`. */
export const tanh = defineUnaryRule({
  operator: 'Tanh',
  through: ['input'],
  gradient: ({ ops, y, gradient }) => ops.mul(gradient, ops.sub(ops.scalar(1, y), ops.mul(y, y))),
})
