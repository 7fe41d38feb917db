import { reverseGradient } from '../../../autodiff/index.ts'
import type { GraphBuilder, Value } from '../../../onnx/index.ts'
import type { Discriminator } from './discriminator.ts'
import { type Domains, domainCrossEntropy } from './domain-cross-entropy.ts'

export interface AdversarialOptions {
  readonly discriminator: Discriminator
  /** The factor λ of the reversed gradient, a float32 scalar of the graph: an input of the step where it is annealed. */
  readonly reversal: Value
  /** A factor for each row, `N_s` and `N_t`. */
  readonly weights?: Partial<Domains>
}

/**
 * The domain-adversarial loss (DANN, Ganin 2016): the cross-entropy of the discriminator, which minimises it,
 * while `features` (`N_s × d` and `N_t × d`) receive its gradient times −λ and so become alike in both domains.
 */
export function domainAdversarial(graph: GraphBuilder, features: Domains, options: AdversarialOptions): Value {
  const { discriminator, reversal, weights } = options
  const scores = (rows: Value) => discriminator(reverseGradient(graph, rows, reversal))
  return domainCrossEntropy(graph, { source: scores(features.source), target: scores(features.target) }, weights)
}
