import { reverseGradient } from '../../../autodiff/index.ts'
import type { GraphBuilder, Value } from '../../../onnx/index.ts'
import type { Predicted } from './conditional-adversarial.ts'
import type { Domains } from './domain-cross-entropy.ts'
import { meanOver, scalar, scaled } from './graph-values.ts'
import { crossEntropies, logSumExp, predictedClasses } from './predictions.ts'

export interface MarginDisparityOptions {
  /** The adversarial classifier `f'`: features `N × d` to logits `N × C`, with the same weights at each call. */
  readonly adversary: (features: Value) => Value
  /** The factor of the reversed gradient, a float32 scalar of the graph. */
  readonly reversal: Value
  /** `γ = exp(margin)`, how much the source counts; default 4. */
  readonly gamma?: number
}

/**
 * The margin disparity discrepancy with its sign turned (MDD, Zhang 2019): with `h_i` the class that the
 * classifier predicts and `p'` the softmax of the adversary's logits,
 * `−γ (1/N_s) Σ log p'(h_i | x_i) − (1/N_t) Σ log(1 − p'(h_j | x_j))`. The adversary minimises it, that is, agrees with
 * the classifier on the source and not on the target; features receive the gradient reversed, the classifier none.
 */
export function marginDisparity(
  graph: GraphBuilder,
  { source, target }: Domains<Predicted>,
  { adversary, reversal, gamma = 4 }: MarginDisparityOptions,
): Value {
  const scores = ({ features }: Predicted) => adversary(reverseGradient(graph, features, reversal))
  const agreement = meanOver(graph, crossEntropies(graph, scores(source), predictedClasses(graph, source.logits)))
  const away = meanOver(graph, logComplement(graph, scores(target), predictedClasses(graph, target.logits)))
  return graph.node('Sub', [scaled(graph, agreement, gamma), away])
}

/**
 * `log(1 − p_k)` of each row, `k` its one-hot class: `log Σ_{c≠k} e^{z_c} − log Σ_c e^{z_c}`, finite where `p_k` rounds
 * to 1. `N`, for logits of two classes or more.
 */
export function logComplement(graph: GraphBuilder, logits: Value, classes: Value): Value {
  const own = graph.node('Greater', [classes, scalar(graph, 0.5)])
  const others = graph.node('Where', [own, scalar(graph, -1e38), logits])
  return graph.node('Sub', [logSumExp(graph, others, 1), logSumExp(graph, logits, 1)])
}
