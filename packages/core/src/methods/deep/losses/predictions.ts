import { type GraphBuilder, int, type Value } from '../../../onnx/index.ts'
import { integers, scalar, sumOver } from './graph-values.ts'

/** Logits at a temperature, `z / T`. */
export const tempered = (graph: GraphBuilder, logits: Value, temperature: number): Value =>
  temperature === 1 ? logits : graph.node('Div', [logits, scalar(graph, temperature)])

/** `softmax(z)` of each row of logits, `N × C`. */
export const probabilitiesOf = (graph: GraphBuilder, logits: Value): Value =>
  graph.node('Softmax', [logits], { axis: int(1) })

/** `log softmax(z)` of each row of logits, `N × C`. */
export const logProbabilitiesOf = (graph: GraphBuilder, logits: Value): Value =>
  graph.node('LogSoftmax', [logits], { axis: int(1) })

/** The entropy `−Σ_c p_c log p_c` in nats of each row's `p = softmax(z)`: `N`. */
export function entropies(graph: GraphBuilder, logits: Value): Value {
  const logs = logProbabilitiesOf(graph, logits)
  return graph.node('Neg', [sumOver(graph, graph.node('Mul', [graph.node('Exp', [logs]), logs]), [1])])
}

/** `−Σ_c q_c log p_c` of each row, `q` (`N × C`) being the target and `p` the softmax of `logits`: `N`. */
export const crossEntropies = (graph: GraphBuilder, logits: Value, target: Value): Value =>
  graph.node('Neg', [sumOver(graph, graph.node('Mul', [target, logProbabilitiesOf(graph, logits)]), [1])])

/** The class of the largest logit of each row, one-hot, `N × C`; no gradient passes. */
export const predictedClasses = (graph: GraphBuilder, logits: Value): Value =>
  graph.node('Hardmax', [logits], { axis: int(1) })

/** `ln Σ exp` over one axis, which goes. */
export const logSumExp = (graph: GraphBuilder, x: Value, axis: number): Value =>
  graph.node('ReduceLogSumExp', [x, integers(graph, [axis])], { keepdims: int(0) })
