import { defineRule } from '../rule.ts'

/** `∂(AB) = B ∂A + A ∂B`; a square has `2A ∂A`. */
export const mul = defineRule({
  operator: 'Mul',
  through: ['A', 'B'],
  backward({ ops, inputs, gradients, wants }) {
    const gradient = gradients[0]!
    const [a, b] = [inputs[0]!, inputs[1]!]
    if (a.name === b.name) return [ops.mul(gradient, ops.scale(a, 2))]
    return [
      wants(0) ? ops.sumTo(ops.mul(gradient, b), a.dims) : undefined,
      wants(1) ? ops.sumTo(ops.mul(gradient, a), b.dims) : undefined,
    ]
  },
})
