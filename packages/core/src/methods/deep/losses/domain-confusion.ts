import { stopGradient } from '../../../autodiff/index.ts'
import type { GraphBuilder, Value } from '../../../onnx/index.ts'
import type { Discriminator } from './discriminator.ts'
import { type Domains, domainCrossEntropy, surprise } from './domain-cross-entropy.ts'
import { meanOver, scaled } from './graph-values.ts'

/** Two losses that are minimised together and share no gradient. */
export interface DomainConfusionLosses {
  /** The discriminator's cross-entropy; reaches its weights only. */
  readonly discriminator: Value
  /** The cross-entropy of its prediction with the uniform distribution; reaches the features only. */
  readonly confusion: Value
}

/**
 * The losses of domain confusion (Tzeng 2015). With `D` the discriminator's probability of the source, the
 * features (`N_s × d` and `N_t × d`) minimise `−½ log D − ½ log(1 − D)`, the mean over each domain's rows, both summed:
 * least, `2 log 2`, where the discriminator cannot tell.
 */
export function domainConfusion(
  graph: GraphBuilder,
  { source, target }: Domains,
  discriminator: Discriminator,
): DomainConfusionLosses {
  const held = (features: Value) => discriminator(stopGradient(graph, features))
  const confusion = (features: Value) => {
    const scores = discriminator(features, { fixed: true })
    const both = graph.node('Add', [surprise(graph, scores), graph.node('Softplus', [scores])])
    return scaled(graph, meanOver(graph, both), 0.5)
  }
  return {
    discriminator: domainCrossEntropy(graph, { source: held(source), target: held(target) }),
    confusion: graph.node('Add', [confusion(source), confusion(target)]),
  }
}
