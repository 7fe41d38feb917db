import { defineRule } from '../rule.ts'
import { reducedAxes } from './reduced-axes.ts'
import { repeated } from './repeated.ts'

/** `y = Σ xᵢ`: `∂xᵢ = ∂y`. */
export const reduceSum = defineRule({
  operator: 'ReduceSum',
  through: ['data'],
  backward(call) {
    const { ops, inputs, gradients } = call
    return [repeated(ops, ops.reshape(gradients[0]!, reducedAxes(call).kept), inputs[0]!.dims)]
  },
})
