import { stopGradient } from '../../../autodiff/index.ts'
import type { GraphBuilder, Value } from '../../../onnx/index.ts'
import type { Conditioning } from './conditioning.ts'
import { type AdversarialOptions, domainAdversarial } from './domain-adversarial.ts'
import type { Domains } from './domain-cross-entropy.ts'
import { meanOver, scalar } from './graph-values.ts'
import { entropies, probabilitiesOf } from './predictions.ts'

/** Features `N × d` and logits `N × C` of the same rows. */
export interface Predicted {
  readonly features: Value
  readonly logits: Value
}

export interface ConditionalAdversarialOptions extends Omit<AdversarialOptions, 'weights'> {
  /** How features and predictions are joined; the discriminator reads rows of its width. */
  readonly conditioning: Conditioning
  /** Whether rows that are predicted with certainty count more (`cdan-e`). Default false. */
  readonly entropyWeights?: boolean
}

/**
 * The conditional adversarial loss (CDAN and CDAN+E, Long 2018): the domain-adversarial loss of features
 * joined with predictions, softmax of the logits. Gradient flows to the features only: predictions are conditions and held
 * fixed, and so are the weights.
 */
export function conditionalAdversarial(
  graph: GraphBuilder,
  { source, target }: Domains<Predicted>,
  { conditioning, entropyWeights = false, ...adversary }: ConditionalAdversarialOptions,
): Value {
  const joined = ({ features, logits }: Predicted) =>
    conditioning.join(features, stopGradient(graph, probabilitiesOf(graph, logits)))
  const weights = entropyWeights
    ? { source: certainty(graph, source.logits), target: certainty(graph, target.logits) }
    : {}
  return domainAdversarial(graph, { source: joined(source), target: joined(target) }, { ...adversary, weights })
}

/**
 * `1 + exp(−H_i)`, `H_i` being the entropy of row `i`'s prediction, divided by its mean over the rows: `N` weights of mean
 * 1 (Long 2018). No gradient passes.
 */
export function certainty(graph: GraphBuilder, logits: Value): Value {
  const sure = graph.node('Exp', [graph.node('Neg', [entropies(graph, logits)])])
  const weights = stopGradient(graph, graph.node('Add', [sure, scalar(graph, 1)]))
  return graph.node('Div', [weights, meanOver(graph, weights)])
}
