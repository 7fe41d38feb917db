import { stopGradient } from '../../../autodiff/index.ts'
import { type GraphBuilder, int, type Value } from '../../../onnx/index.ts'
import { integers, meanOver, scalar } from './graph-values.ts'
import { crossEntropies, predictedClasses, probabilitiesOf } from './predictions.ts'

/**
 * The loss of FixMatch on unlabelled rows (Sohn 2020, eq. 4): `(1/N) Σᵢ 1[max q_i ≥ τ] · −log p_i(argmax q_i)`, `q` being the
 * softmax of a weakly augmented view and `p` that of a strongly augmented one; logits are `N × C`. Rows below the
 * threshold `τ` (0.95 by default) count in `N`. No gradient passes through the weak view.
 */
export function fixmatch(
  graph: GraphBuilder,
  { weak, strong }: { readonly weak: Value; readonly strong: Value },
  { threshold = 0.95 } = {},
): Value {
  const held = stopGradient(graph, weak)
  const surest = graph.node('ReduceMax', [probabilitiesOf(graph, held), integers(graph, [1])], { keepdims: int(0) })
  const sure = graph.node('GreaterOrEqual', [surest, scalar(graph, threshold)])
  const losses = crossEntropies(graph, strong, predictedClasses(graph, held))
  return meanOver(graph, graph.node('Mul', [losses, graph.node('Cast', [sure], { to: int(1) })]))
}
