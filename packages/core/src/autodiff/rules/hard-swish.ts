import { float } from '../../onnx/index.ts'
import { clamp } from './clamp.ts'
import { steepness } from './step.ts'
import { defineUnaryRule } from './unary-rule.ts'

/**
 * `y = x h(x)`, `h` rising from 0 at −3 to 1 at 3: `h(x) + x/6` between, `h(x)` elsewhere. The sixth comes from a steep
 * line in `3 − |x|`, cut off; choosing with `Where` takes longer.
 */
export const hardSwish = defineUnaryRule({
  operator: 'HardSwish',
  through: ['X'],
  gradient({ ops, x, gradient }) {
    const rising = ops.unary('HardSigmoid', x, { alpha: float(1 / 6), beta: float(0.5) })
    const inside = ops.scale(ops.sub(ops.scalar(3, x), ops.unary('Abs', x)), steepness(x))
    const sixth = clamp(ops, inside, { min: 0, max: 1 / 6 })
    return ops.mul(gradient, ops.add(rising, ops.mul(x, sixth)))
  },
})
