import { stopGradient } from '../../../autodiff/index.ts'
import { type GraphBuilder, int, type Value } from '../../../onnx/index.ts'
import { integers, meanOver, scalar } from './graph-values.ts'
import { probabilitiesOf } from './predictions.ts'

/**
 * The consistency loss of the mean teacher (Tarvainen and Valpola 2017): `(1 / (N C)) Σᵢ Σ_c (p_ic − q_ic)²` of
 * the softmaxes of the student's and the teacher's logits, `N × C`. The teacher passes no gradient. With a `threshold`
 * (French 2018) rows whose `max q_i` is below it add nothing, and count in `N` all the same.
 */
export function consistency(
  graph: GraphBuilder,
  { student, teacher }: { readonly student: Value; readonly teacher: Value },
  { threshold = 0 } = {},
): Value {
  const wanted = stopGradient(graph, probabilitiesOf(graph, teacher))
  const difference = graph.node('Sub', [probabilitiesOf(graph, student), wanted])
  const squares = graph.node('Mul', [difference, difference])
  if (threshold <= 0) return meanOver(graph, squares)
  const surest = graph.node('ReduceMax', [wanted, integers(graph, [1])], { keepdims: int(1) })
  const sure = graph.node('GreaterOrEqual', [surest, scalar(graph, threshold)])
  return meanOver(graph, graph.node('Mul', [squares, graph.node('Cast', [sure], { to: int(1) })]))
}
