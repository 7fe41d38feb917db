import { defineRule } from '../rule.ts'

/** `∂(A + B) = ∂A + ∂B`. */
export const add = defineRule({
  operator: 'Add',
  through: ['A', 'B'],
  backward({ ops, inputs, gradients, wants }) {
    const gradient = gradients[0]!
    return inputs.map((input, i) => (wants(i) ? ops.sumTo(gradient, input!.dims) : undefined))
  },
})
