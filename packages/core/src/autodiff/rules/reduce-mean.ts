import { defineRule } from '../rule.ts'
import { reducedAxes } from './reduced-axes.ts'

/** `y = Σ xᵢ / n`: `∂xᵢ = ∂y / n`. */
export const reduceMean = defineRule({
  operator: 'ReduceMean',
  through: ['data'],
  backward(call) {
    const { ops, inputs, gradients } = call
    const { kept, count } = reducedAxes(call)
    return [ops.expand(ops.reshape(ops.scale(gradients[0]!, 1 / count), kept), inputs[0]!.dims)]
  },
})
