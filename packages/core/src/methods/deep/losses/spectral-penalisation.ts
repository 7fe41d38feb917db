import type { GraphBuilder, Value } from '../../../onnx/index.ts'
import { largestSquares } from '../../../training/index.ts'
import type { Domains } from './domain-cross-entropy.ts'

/** Features (`N × d`) of one domain, and their shape. */
export interface DomainFeatures {
  readonly features: Value
  readonly dims: readonly [number, number]
}

/**
 * Batch spectral penalisation (BSP, Chen 2019): `Σ_{i≤k} σ_{s,i}² + σ_{t,i}²`, the squares of the `k` largest
 * singular values (1 by default) of each domain's features. Keeps the few directions that transfer best from hiding
 * those that tell classes apart; the paper adds it to an adversarial loss with the factor 10⁻⁴.
 */
export const spectralPenalisation = (
  graph: GraphBuilder,
  { source, target }: Domains<DomainFeatures>,
  { count = 1 } = {},
): Value => {
  const [s, t] = [source, target].map(({ features, dims }) => largestSquares(graph, features, dims, count))
  return graph.node('Add', [s!, t!])
}
