import type { Ops, TypedValue } from '../autodiff/index.ts'
import { checkPositive } from './checks.ts'

/**
 * All gradients times `min(1, limit / (‖g‖₂ + 10⁻⁶))`, `‖g‖₂` being the norm of all of them together (Pascanu 2013), and
 * that norm. Throws `InvalidInputError` for a limit that is not above 0.
 */
export function clipByNorm(
  ops: Ops,
  gradients: readonly TypedValue[],
  limit: number,
): { clipped: TypedValue[]; norm: TypedValue } {
  checkPositive('clipNorm', limit)
  const squares = gradients.map((g) =>
    ops.cast(ops.node('ReduceSumSquare', [g], { dims: [] }, { keepdims: { type: 'int', value: 0 } }), 'float32'),
  )
  const norm = ops.unary('Sqrt', ops.sum(squares))
  const most = ops.scalar(limit, norm)
  const factor = ops.node('Min', [ops.scalar(1, norm), ops.div(most, ops.add(norm, ops.scalar(1e-6, norm)))], {
    dims: [],
  })
  return { clipped: gradients.map((g) => ops.mul(g, ops.cast(factor, g.type))), norm }
}
