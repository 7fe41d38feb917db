import { defineUnaryRule } from './unary-rule.ts'

/** `y = x t` with `t = tanh(softplus(x))`: `t + x (1 − t²) σ(x)`. */
export const mish = defineUnaryRule({
  operator: 'Mish',
  through: ['X'],
  gradient({ ops, x, gradient }) {
    const t = ops.unary('Tanh', ops.unary('Softplus', x))
    const slope = ops.mul(ops.sub(ops.scalar(1, t), ops.mul(t, t)), ops.unary('Sigmoid', x))
    return ops.mul(gradient, ops.add(t, ops.mul(x, slope)))
  },
})
