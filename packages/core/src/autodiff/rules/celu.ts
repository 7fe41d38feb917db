import { clamp } from './clamp.ts'
import { defineUnaryRule } from './unary-rule.ts'

/** 1 above 0, `exp(x/alpha) = y/alpha + 1` below. */
export const celu = defineUnaryRule({
  operator: 'Celu',
  through: ['X'],
  gradient({ ops, y, gradient, attribute }) {
    const alpha = attribute('alpha', 1)
    const raised = ops.add(ops.scale(y, 1 / alpha), ops.scalar(1, y))
    return ops.mul(gradient, clamp(ops, raised, alpha > 0 ? { max: 1 } : { min: 1 }))
  },
})
