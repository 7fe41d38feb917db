import { reverseGradient } from '../../../autodiff/index.ts'
import type { GraphBuilder, Value } from '../../../onnx/index.ts'
import { integers, meanOver, scaled } from './graph-values.ts'
import { logSumExp } from './predictions.ts'

export interface OpenSetOptions {
  /** Features `N × d` to logits `N × (K + 1)`; the last class is the unknown one. */
  readonly classifier: (features: Value) => Value
  /** The factor of the reversed gradient, a float32 scalar of the graph. */
  readonly reversal: Value
  /** The probability `t` of the unknown class that the classifier is asked for; default ½. */
  readonly boundary?: number
}

/**
 * The adversarial loss of open-set adaptation by backpropagation (OSBP, Saito 2018) on the target's features:
 * `−(1/N) Σᵢ t log p_i + (1 − t) log(1 − p_i)`, `p_i` being the probability of the unknown class. The classifier draws
 * `p` towards `t`; features receive the gradient reversed and move away to either side.
 */
export function openSetAdversarial(
  graph: GraphBuilder,
  features: Value,
  { classifier, reversal, boundary = 0.5 }: OpenSetOptions,
): Value {
  const logits = classifier(reverseGradient(graph, features, reversal))
  const part = (from: number, to: number) =>
    graph.node('Slice', [logits, ...[[from], [to], [1]].map((places) => integers(graph, places))])
  const all = logSumExp(graph, logits, 1)
  const unknown = graph.node('Sub', [logSumExp(graph, part(-1, PAST_THE_LAST), 1), all])
  const known = graph.node('Sub', [logSumExp(graph, part(0, -1), 1), all])
  const likelihood = graph.node('Add', [scaled(graph, unknown, boundary), scaled(graph, known, 1 - boundary)])
  return graph.node('Neg', [meanOver(graph, likelihood)])
}

/** A Slice that ends here ends with the last element. */
const PAST_THE_LAST = 2 ** 31
