import { defineUnaryRule } from './unary-rule.ts'

/** `∂arsinh x = 1/√(x² + 1)`. */
export const asinh = defineUnaryRule({
  operator: 'Asinh',
  through: ['input'],
  gradient: ({ ops, x, gradient }) => ops.div(gradient, ops.unary('Sqrt', ops.add(ops.mul(x, x), ops.scalar(1, x)))),
})
