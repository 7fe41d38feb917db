import type { GraphBuilder, Value } from '../../../onnx/index.ts'
import { meanOver, rowCount, sumOver } from './graph-values.ts'
import { entropies, logProbabilitiesOf, logSumExp } from './predictions.ts'

/**
 * Entropy minimisation (Grandvalet and Bengio 2004), the loss of TENT (Wang 2021): the mean over the rows of
 * `H(p_i) = −Σ_c p_ic log p_ic`, `p_i = softmax(z_i)`. `logits` are `N × C`; nats, at least 0 and at most `log C`.
 */
export const meanEntropy = (graph: GraphBuilder, logits: Value): Value => meanOver(graph, entropies(graph, logits))

/**
 * The entropy `−Σ_c p̄_c log p̄_c` of the mean prediction `p̄ = (1/N) Σᵢ softmax(z_i)`, a scalar in nats: large where all
 * classes are predicted equally often. Computed from logarithms, so a class that nobody predicts adds 0.
 */
export function entropyOfMean(graph: GraphBuilder, logits: Value): Value {
  const sums = logSumExp(graph, logProbabilitiesOf(graph, logits), 0)
  const logs = graph.node('Sub', [sums, graph.node('Log', [rowCount(graph, logits)])])
  return graph.node('Neg', [sumOver(graph, graph.node('Mul', [graph.node('Exp', [logs]), logs]))])
}

/**
 * The information maximisation loss of SHOT (Liang 2020): mean entropy minus entropy of the mean, so that
 * each prediction is sure and all together are diverse. Minus the mutual information of row and class: at least
 * `−log C`, and 0 where all rows are alike.
 */
export const informationMaximisation = (graph: GraphBuilder, logits: Value): Value =>
  graph.node('Sub', [meanEntropy(graph, logits), entropyOfMean(graph, logits)])
