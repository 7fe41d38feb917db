import { stopGradient } from '../../../autodiff/index.ts'
import { type GraphBuilder, int, type Value } from '../../../onnx/index.ts'
import { integers, meanOver, scalar } from './graph-values.ts'

/** The Euclidean norm of each row of features, `N × d` to `N`; its gradient at a row of zeros is 0. */
const norms = (graph: GraphBuilder, features: Value): Value =>
  graph.node('ReduceL2', [features, integers(graph, [1])], { keepdims: int(0) })

const square = (graph: GraphBuilder, x: Value): Value => graph.node('Mul', [x, x])

/**
 * Hard adaptive feature norm (HAFN, Xu 2019): `((1/N) Σᵢ ‖f_i‖ − R)²` for the features (`N × d`) of one domain; the
 * paper adds that of the other. `R` is the norm wanted, 25 by default.
 */
export function hardFeatureNorm(graph: GraphBuilder, features: Value, { radius = 25 } = {}): Value {
  return square(graph, graph.node('Sub', [meanOver(graph, norms(graph, features)), scalar(graph, radius)]))
}

/**
 * Stepwise adaptive feature norm (SAFN, Xu 2019): `(1/N) Σᵢ (h_i + Δr − ‖f_i‖)²`, `h_i` being the present `‖f_i‖` held
 * fixed, so that each step asks for norms that are longer by `Δr` (1 by default). Its value is always `Δr²`; only its
 * gradient, `−2 Δr f_i / (N ‖f_i‖)`, tells rows apart.
 */
export function stepwiseFeatureNorm(graph: GraphBuilder, features: Value, { step = 1 } = {}): Value {
  const now = norms(graph, features)
  const wanted = graph.node('Add', [stopGradient(graph, now), scalar(graph, step)])
  return meanOver(graph, square(graph, graph.node('Sub', [wanted, now])))
}
