import { oneMinusSquare } from './asin.ts'
import { defineUnaryRule } from './unary-rule.ts'

/** `∂arccos x = −1/√(1 − x²)`. */
export const acos = defineUnaryRule({
  operator: 'Acos',
  through: ['input'],
  gradient: ({ ops, x, gradient }) => ops.neg(ops.div(gradient, ops.unary('Sqrt', oneMinusSquare(ops, x)))),
})
