import { defineRule } from '../rule.ts'
import { clamp } from './clamp.ts'
import { step } from './step.ts'

/** By `X` 1 above 0, `slope` below; by `slope` the negative part of `X`. */
export const pRelu = defineRule({
  operator: 'PRelu',
  through: ['X', 'slope'],
  backward({ ops, inputs, gradients, wants }) {
    const gradient = gradients[0]!
    const [x, slope] = [inputs[0]!, inputs[1]!]
    const byX = () => {
      const rise = ops.sub(ops.scalar(1, slope), slope)
      return ops.mul(gradient, ops.add(ops.mul(step(ops, x, 0, 1), rise), slope))
    }
    return [
      wants(0) ? byX() : undefined,
      wants(1) ? ops.sumTo(ops.mul(gradient, clamp(ops, x, { max: 0 })), slope.dims) : undefined,
    ]
  },
})
