import { defineUnaryRule } from './unary-rule.ts'

/** `y = x s` with `s = σ(alpha · x)`: `s + alpha · y (1 − s)`. */
export const swish = defineUnaryRule({
  operator: 'Swish',
  through: ['X'],
  gradient({ ops, x, y, gradient, attribute }) {
    const alpha = attribute('alpha', 1)
    const s = ops.unary('Sigmoid', ops.scale(x, alpha))
    return ops.mul(gradient, ops.add(s, ops.scale(ops.mul(y, ops.sub(ops.scalar(1, s), s)), alpha)))
  },
})
