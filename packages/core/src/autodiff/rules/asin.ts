import type { Ops } from '../ops.ts'
import type { TypedValue } from '../typed-value.ts'
import { clamp, tiny } from './clamp.ts'
import { defineUnaryRule } from './unary-rule.ts'

/** `1 − x²` without cancellation near `|x| = 1`, and not quite 0 there, to divide by. */
export const oneMinusSquare = (ops: Ops, x: TypedValue): TypedValue => {
  const one = ops.scalar(1, x)
  return clamp(ops, ops.mul(ops.sub(one, x), ops.add(one, x)), { min: tiny(x) })
}

/** `∂arcsin x = 1/√(1 − x²)`. */
export const asin = defineUnaryRule({
  operator: 'Asin',
  through: ['input'],
  gradient: ({ ops, x, gradient }) => ops.div(gradient, ops.unary('Sqrt', oneMinusSquare(ops, x))),
})
