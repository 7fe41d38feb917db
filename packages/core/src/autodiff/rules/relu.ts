import { defineRule } from '../rule.ts'

/** `∂max(x, 0)`: one above 0, zero elsewhere. */
export const relu = defineRule({
  operator: 'Relu',
  through: ['X'],
  backward({ ops, outputs, gradients }) {
    const y = outputs[0]!
    return [ops.mul(gradients[0]!, ops.indicator(ops.compare('Greater', y, ops.scalar(0, y)), y))]
  },
})
