import type { Ops } from '../ops.ts'
import type { TypedValue } from '../typed-value.ts'
import { nonZero } from './non-zero.ts'

/** `y = (Σ |xᵢ|ᵖ)^(1/p)`: `∂xᵢ = sign xᵢ |xᵢ|ᵖ⁻¹ · y¹⁻ᵖ ∂y`, where the first factor is zero wherever `y` is. */
export interface LpParts {
  /** `sign x |x|ᵖ⁻¹`. */
  readonly power: TypedValue
  /** `y¹⁻ᵖ ∂y`, or `∂y` where `y = 0`. */
  readonly scaled: TypedValue
}

export function lpParts(ops: Ops, p: number, x: TypedValue, y: TypedValue, gradient: TypedValue): LpParts {
  if (p === 1) return { power: ops.unary('Sign', x), scaled: gradient }
  const norm = nonZero(ops, y)
  if (p === 2) return { power: x, scaled: ops.div(gradient, norm) }
  const raised = (value: TypedValue, to: number) => ops.node('Pow', [value, ops.scalar(to, x)], { dims: value.dims })
  return { power: ops.mul(x, raised(ops.unary('Abs', x), p - 2)), scaled: ops.div(gradient, raised(norm, p - 1)) }
}
