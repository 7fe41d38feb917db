import { stopGradient } from '../../../autodiff/index.ts'
import { type GraphBuilder, int, type Value } from '../../../onnx/index.ts'
import { integers, meanOver, scalar } from './graph-values.ts'
import { crossEntropies, probabilitiesOf, tempered } from './predictions.ts'

/** Above 1, so that probabilities of classes that are alike count. */
const TEMPERATURE = 2

/**
 * The soft label of each class, `C × C` (Tzeng 2015): row `k` is the mean of `softmax(z / T)` over the source's
 * rows of class `k`. `logits` and `labels`, one-hot, are `N × C`. A class without rows keeps its one-hot label.
 */
export function softLabels(graph: GraphBuilder, logits: Value, labels: Value, temperature = TEMPERATURE): Value {
  const perClass = graph.node('Transpose', [labels])
  const sums = graph.node('MatMul', [perClass, probabilitiesOf(graph, tempered(graph, logits, temperature))])
  const counts = graph.node('ReduceSum', [perClass, integers(graph, [1])], { keepdims: int(1) })
  const means = graph.node('Div', [sums, graph.node('Max', [counts, scalar(graph, 1)])])
  const missing = graph.node('Equal', [counts, scalar(graph, 0)])
  return stopGradient(graph, graph.node('Where', [missing, graph.node('EyeLike', [sums]), means]))
}

/**
 * The soft-label loss (Tzeng 2015): the mean cross-entropy of `softmax(z / T)` of the target's labelled rows with
 * the soft label of their class. `logits` and `labels`, one-hot, are `N_t × C`; `soft`, `C × C`, passes no gradient.
 */
export function softLabelLoss(
  graph: GraphBuilder,
  logits: Value,
  labels: Value,
  soft: Value,
  temperature = TEMPERATURE,
): Value {
  const wanted = graph.node('MatMul', [labels, stopGradient(graph, soft)])
  return meanOver(graph, crossEntropies(graph, tempered(graph, logits, temperature), wanted))
}
