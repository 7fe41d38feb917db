import { defineRule } from '../rule.ts'

/** The gradient goes to `X` where the condition holds, to `Y` elsewhere. */
export const where = defineRule({
  operator: 'Where',
  through: ['X', 'Y'],
  backward({ ops, inputs, gradients, wants }) {
    const gradient = gradients[0]!
    const [condition, x, y] = [inputs[0]!, inputs[1]!, inputs[2]!]
    const where = (holds: typeof condition) => ops.mul(gradient, ops.indicator(holds, gradient))
    if (!wants(1)) return [undefined, undefined, ops.sumTo(where(ops.unary('Not', condition)), y.dims)]
    const held = where(condition)
    return [undefined, ops.sumTo(held, x.dims), wants(2) ? ops.sumTo(ops.sub(gradient, held), y.dims) : undefined]
  },
})
