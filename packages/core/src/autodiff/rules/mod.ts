import { defineRule } from '../rule.ts'

/** `A mod B = A − nB` with a whole number `n`, of which the derivative is taken as 0: `∂A − n ∂B`. */
export const mod = defineRule({
  operator: 'Mod',
  through: ['A', 'B'],
  backward({ ops, inputs, outputs, gradients, wants }) {
    const gradient = gradients[0]!
    const [a, b] = [inputs[0]!, inputs[1]!]
    const negated = () => ops.unary('Round', ops.div(ops.sub(outputs[0]!, a), b))
    return [
      wants(0) ? ops.sumTo(gradient, a.dims) : undefined,
      wants(1) ? ops.sumTo(ops.mul(gradient, negated()), b.dims) : undefined,
    ]
  },
})
