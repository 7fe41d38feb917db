import { defineUnaryRule } from './unary-rule.ts'

/** `∂tan x = 1 + tan² x`. */
export const tan = defineUnaryRule({
  operator: 'Tan',
  through: ['input'],
  gradient: ({ ops, y, gradient }) => ops.mul(gradient, ops.add(ops.mul(y, y), ops.scalar(1, y))),
})
