import type { Ops } from '../ops.ts'
import type { TypedValue } from '../typed-value.ts'
import { clamp } from './clamp.ts'
import { step } from './step.ts'
import { defineUnaryRule } from './unary-rule.ts'

/** `above` where `x > 0`, `below · eˣ` elsewhere. */
export const exponentialBelow = (ops: Ops, x: TypedValue, above: number, below: number): TypedValue => {
  const falling = ops.scale(ops.unary('Exp', clamp(ops, x, { max: 0 })), below)
  return ops.add(falling, step(ops, x, 0, above - below))
}

/** 1 above 0, `alpha · eˣ` below; with `alpha = 1` that is `min(y + 1, 1)`. */
export const elu = defineUnaryRule({
  operator: 'Elu',
  through: ['X'],
  gradient({ ops, x, y, gradient, attribute }) {
    const alpha = attribute('alpha', 1)
    const slope =
      alpha === 1 ? clamp(ops, ops.add(y, ops.scalar(1, y)), { max: 1 }) : exponentialBelow(ops, x, 1, alpha)
    return ops.mul(gradient, slope)
  },
})
