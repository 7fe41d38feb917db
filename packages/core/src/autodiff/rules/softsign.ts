import { defineUnaryRule } from './unary-rule.ts'

/** `∂(x / (1 + |x|)) = 1 / (1 + |x|)²`. */
export const softsign = defineUnaryRule({
  operator: 'Softsign',
  through: ['input'],
  gradient({ ops, x, gradient }) {
    const divisor = ops.add(ops.unary('Abs', x), ops.scalar(1, x))
    return ops.div(ops.div(gradient, divisor), divisor)
  },
})
