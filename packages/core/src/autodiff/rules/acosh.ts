import { clamp, tiny } from './clamp.ts'
import { defineUnaryRule } from './unary-rule.ts'

/** `∂arcosh x = 1/√(x² − 1)`, finite at 1. */
export const acosh = defineUnaryRule({
  operator: 'Acosh',
  through: ['input'],
  gradient({ ops, x, gradient }) {
    const one = ops.scalar(1, x)
    const square = ops.mul(ops.sub(x, one), ops.add(x, one))
    return ops.div(gradient, ops.unary('Sqrt', clamp(ops, square, { min: tiny(x) })))
  },
})
