import { oneMinusSquare } from './asin.ts'
import { defineUnaryRule } from './unary-rule.ts'

/** `∂artanh x = 1/(1 − x²)`, finite at ±1. */
export const atanh = defineUnaryRule({
  operator: 'Atanh',
  through: ['input'],
  gradient: ({ ops, x, gradient }) => ops.div(gradient, oneMinusSquare(ops, x)),
})
