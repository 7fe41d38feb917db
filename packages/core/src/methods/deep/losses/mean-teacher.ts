import { stopGradient } from '../../../autodiff/index.ts'
import type { GraphBuilder, Value } from '../../../onnx/index.ts'
import { meanOver } from './graph-values.ts'
import { probabilitiesOf } from './predictions.ts'

/**
 * The consistency loss of the mean teacher (Tarvainen and Valpola 2017): `(1 / (N C)) Σᵢ Σ_c (p_ic − q_ic)²` of
 * the softmaxes of the student's and the teacher's logits, `N × C`. The teacher passes no gradient.
 */
export function consistency(
  graph: GraphBuilder,
  { student, teacher }: { readonly student: Value; readonly teacher: Value },
): Value {
  const wanted = stopGradient(graph, probabilitiesOf(graph, teacher))
  const difference = graph.node('Sub', [probabilitiesOf(graph, student), wanted])
  return meanOver(graph, graph.node('Mul', [difference, difference]))
}
