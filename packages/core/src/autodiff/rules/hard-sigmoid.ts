import { clamp } from './clamp.ts'
import { steepness } from './step.ts'
import { defineUnaryRule } from './unary-rule.ts'

/** `alpha` where `0 < y < 1`, that is where `y − y²` is not 0; zero elsewhere. */
export const hardSigmoid = defineUnaryRule({
  operator: 'HardSigmoid',
  through: ['X'],
  gradient({ ops, y, gradient, attribute }) {
    const alpha = attribute('alpha', 0.2)
    const inside = ops.scale(ops.sub(y, ops.mul(y, y)), Math.sign(alpha) * steepness(y))
    return ops.mul(gradient, clamp(ops, inside, { min: Math.min(alpha, 0), max: Math.max(alpha, 0) }))
  },
})
