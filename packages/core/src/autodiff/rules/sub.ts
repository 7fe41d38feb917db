import { defineRule } from '../rule.ts'

/** `∂(A − B) = ∂A − ∂B`. */
export const sub = defineRule({
  operator: 'Sub',
  through: ['A', 'B'],
  backward({ ops, inputs, gradients, wants }) {
    const gradient = gradients[0]!
    return [
      wants(0) ? ops.sumTo(gradient, inputs[0]!.dims) : undefined,
      wants(1) ? ops.neg(ops.sumTo(gradient, inputs[1]!.dims)) : undefined,
    ]
  },
})
