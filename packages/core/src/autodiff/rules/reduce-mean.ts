import { defineRule } from '../rule.ts'
import { reducedAxes } from './reduced-axes.ts'
import { repeated } from './repeated.ts'

/** `y = Σ xᵢ / n`: `∂xᵢ = ∂y / n`. */
export const reduceMean = defineRule({
  operator: 'ReduceMean',
  through: ['data'],
  backward(call) {
    const { ops, inputs, gradients } = call
    const { kept, count } = reducedAxes(call)
    return [repeated(ops, ops.reshape(gradients[0]!, kept), inputs[0]!.dims, 1 / count)]
  },
})
