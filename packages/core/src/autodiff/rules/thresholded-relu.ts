import { defineUnaryRule } from './unary-rule.ts'

/** 1 above `alpha`, 0 elsewhere. */
export const thresholdedRelu = defineUnaryRule({
  operator: 'ThresholdedRelu',
  through: ['X'],
  gradient({ ops, x, gradient, attribute }) {
    const above = ops.compare('Greater', x, ops.scalar(attribute('alpha', 1), x))
    return ops.mul(gradient, ops.indicator(above, x))
  },
})
