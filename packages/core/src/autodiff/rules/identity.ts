import { defineUnaryRule } from './unary-rule.ts'

/** The gradient passes as it is. */
export const identity = defineUnaryRule({
  operator: 'Identity',
  through: ['input'],
  gradient: ({ gradient }) => gradient,
})
