import { exponentialBelow } from './elu.ts'
import { defineUnaryRule } from './unary-rule.ts'

/** `gamma` above 0, `gamma · alpha · eˣ` below. */
export const selu = defineUnaryRule({
  operator: 'Selu',
  through: ['X'],
  gradient({ ops, x, gradient, attribute }) {
    const alpha = attribute('alpha', 1.6732631921768188)
    const gamma = attribute('gamma', 1.0507010221481323)
    return ops.mul(gradient, exponentialBelow(ops, x, gamma, gamma * alpha))
  },
})
