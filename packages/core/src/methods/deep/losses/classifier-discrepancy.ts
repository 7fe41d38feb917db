import type { GraphBuilder, Value } from '../../../onnx/index.ts'
import { meanOver } from './graph-values.ts'
import { probabilitiesOf } from './predictions.ts'

/**
 * The discrepancy of two classifiers (MCD, Saito 2018): `(1 / (N C)) Σᵢ Σ_c |p_ic − q_ic|` of the softmaxes of two
 * logits, `N × C`. The classifiers maximise it on the target, the features minimise it.
 */
export function classifierDiscrepancy(graph: GraphBuilder, first: Value, second: Value): Value {
  const difference = graph.node('Sub', [probabilitiesOf(graph, first), probabilitiesOf(graph, second)])
  return meanOver(graph, graph.node('Abs', [difference]))
}
