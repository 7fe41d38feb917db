import type { Ops } from '../ops.ts'
import type { TypedValue } from '../typed-value.ts'
import { clamp, tiny } from './clamp.ts'
import { throughReciprocal } from './reciprocal.ts'
import { throughRoot } from './sqrt.ts'

/**
 * `p xᵖ⁻¹ ∂y`, the gradient by `x` from that by `y = xᵖ` with a known `p`, in the shape of `y`; undefined for `p = 0`.
 * Where ONNX Runtime's general power would be slow, products and quotients take its place; where it would be infinite
 * or undefined, 0 or a large number.
 */
export function throughKnownPower(
  ops: Ops,
  gradient: TypedValue,
  x: TypedValue,
  p: number,
  y: TypedValue,
): TypedValue | undefined {
  switch (p) {
    case 0:
      return undefined
    case 1:
      return gradient
    case 2:
      return ops.mul(gradient, ops.scale(x, 2))
    case 3:
      return ops.mul(gradient, ops.mul(ops.scale(x, 3), x))
    case 0.5:
      return throughRoot(ops, gradient, x)
    case -1:
      return throughReciprocal(ops, gradient, y)
    case -0.5: {
      const finite = clamp(ops, y, { max: tiny(y) ** (-1 / 3) })
      return ops.mul(ops.mul(ops.scale(gradient, -0.5), finite), ops.mul(finite, finite))
    }
  }
  const zero = ops.scalar(0, x)
  const power = ops.node('Pow', [x, ops.scalar(p - 1, x)], { dims: x.dims })
  const defined = () =>
    Number.isInteger(p)
      ? ops.where(ops.compare('Equal', x, zero), zero, power)
      : ops.where(ops.compare('Greater', x, zero), power, zero)
  return ops.mul(gradient, ops.scale(Number.isInteger(p) && p > 1 ? power : defined(), p))
}
