import type { Matrix } from '../tensor/index.ts'
import { type EntropicOptions, type EntropicPlan, entropicPlan } from './entropic.ts'
import { checkBalanced } from './marginals.ts'

/**
 * Optimal transport with entropic regularisation (Cuturi 2013): the plan with row sums `a` and column sums `b` that minimises
 * `⟨γ, c⟩ + ε Σ γᵢⱼ log γᵢⱼ`, by Sinkhorn's iterations with potentials that absorb the scalings (Schmitzer 2019), extrapolated
 * (Anderson 1965), and for small `ε` a falling sequence of them. Rows sum to `a` to rounding, columns to `b` to the
 * tolerance. `cost` is `n × m`, finite; the masses are not negative and have the same sum but for rounding; rows and columns
 * without mass get none. Memory: another `n × m`. Throws `InvalidInputError`.
 */
export function sinkhornPlan(cost: Matrix, a: Float64Array, b: Float64Array, options: EntropicOptions): EntropicPlan {
  checkBalanced(cost, a, b)
  const exact = Number.POSITIVE_INFINITY
  return entropicPlan(cost, a, b, { source: exact, target: exact }, options)
}
