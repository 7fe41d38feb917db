import type { GraphBuilder, Value } from '../../../onnx/index.ts'
import { certainty } from './conditional-adversarial.ts'
import { integers, meanOver, scalar, sumOver } from './graph-values.ts'
import { probabilitiesOf, tempered } from './predictions.ts'

/**
 * Minimum class confusion (MCC, Jin 2020). With `P = softmax(Z / T)` (`N × C`), `w_i` the row weights
 * `1 + exp(−H_i)` of mean 1 and `K = Pᵀ diag(w) P`, the loss is `(1/C) Σ_j Σ_{k≠j} K_jk / Σ_k K_jk`. Weights pass no
 * gradient.
 *
 * Rows of `P` sum to 1, so `Σ_k K_jk = Σᵢ w_i P_ij` and what is off the diagonal is `Σᵢ w_i P_ij (1 − P_ij)`: `K` itself is
 * not needed. A class of probability 0 in all rows is confused with none.
 */
export function classConfusion(graph: GraphBuilder, logits: Value, { temperature = 2.5 } = {}): Value {
  const softer = tempered(graph, logits, temperature)
  const weights = graph.node('Unsqueeze', [certainty(graph, softer), integers(graph, [1])])
  const probabilities = probabilitiesOf(graph, softer)
  const weighted = graph.node('Mul', [weights, probabilities])
  const others = graph.node('Sub', [scalar(graph, 1), probabilities])
  const confused = sumOver(graph, graph.node('Mul', [weighted, others]), [0])
  const all = graph.node('Max', [sumOver(graph, weighted, [0]), scalar(graph, 1e-30)])
  return meanOver(graph, graph.node('Div', [confused, all]))
}
