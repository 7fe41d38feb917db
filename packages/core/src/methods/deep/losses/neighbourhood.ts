import { stopGradient } from '../../../autodiff/index.ts'
import { type GraphBuilder, int, type Value } from '../../../onnx/index.ts'
import { entropyOfMean } from './entropy.ts'
import { integers, meanOver, scalar, scaled, sumOver } from './graph-values.ts'
import { nearestRows } from './nearest-rows.ts'
import { probabilitiesOf } from './predictions.ts'

export interface NeighbourhoodInputs {
  /** The batch's logits, `N × C`. */
  readonly logits: Value
  /** Where the batch's rows stand in the banks, int64, `N`. */
  readonly places: Value
  /** Features of all target rows as last seen, `n × d`, each of length 1. */
  readonly features: Value
  /** Predictions of all target rows as last seen, `n × C`. */
  readonly predictions: Value
}

export interface NeighbourhoodOptions {
  /** Neighbours of a row, `K`; default 3. */
  readonly neighbours?: number
  /** Neighbours of a neighbour, `M`; default 2. */
  readonly expanded?: number
  /** The affinity `r` of a neighbour that is not reciprocal, and of neighbours of neighbours; default 0.1. */
  readonly affinity?: number
}

/**
 * Neighbourhood reciprocity clustering (NRC, Yang 2021): predictions `p_i` of the target agree with those kept
 * of their neighbours, `s_k`, without any source. Minus the mean over the batch of
 * `p_i · (s_i + Σ_{k ∈ N_K(i)} a_ik s_k + r Σ_{k ∈ N_K(i)} Σ_{m ∈ N_M(k)} s_m)`, minus the entropy of the mean prediction.
 * `N_K` are the most similar rows by cosine, and `a_ik` is 1 where `i` is among `N_M(k)`, else `r`. The banks are
 * constants: only the logits receive a gradient.
 */
export function neighbourhoodConsistency(
  graph: GraphBuilder,
  { logits, places, features, predictions }: NeighbourhoodInputs,
  { neighbours = 3, expanded = 2, affinity = 0.1 }: NeighbourhoodOptions = {},
): Value {
  const bank = stopGradient(graph, features)
  const kept = stopGradient(graph, predictions)
  const near = nearestRows(graph, bank, places, neighbours)
  const further = nearestRows(graph, bank, graph.node('Reshape', [near, integers(graph, [-1])]), expanded)
  const perRow = (value: Value, dims: readonly number[]) => graph.node('Reshape', [value, integers(graph, dims)])

  const circles = perRow(further, [-1, neighbours, expanded])
  const back = graph.node('Equal', [circles, perRow(places, [-1, 1, 1])])
  const reciprocal = graph.node('ReduceMax', [graph.node('Cast', [back], { to: int(1) }), integers(graph, [2])], {
    keepdims: int(1),
  })
  const affinities = graph.node('Max', [reciprocal, scalar(graph, affinity)])
  const agreed = graph.node('Sum', [
    graph.node('Gather', [kept, places]),
    sumOver(graph, graph.node('Mul', [graph.node('Gather', [kept, near]), affinities]), [1]),
    scaled(
      graph,
      sumOver(graph, graph.node('Gather', [kept, perRow(further, [-1, neighbours * expanded])]), [1]),
      affinity,
    ),
  ])
  const agreement = sumOver(graph, graph.node('Mul', [agreed, probabilitiesOf(graph, logits)]), [1])
  return graph.node('Neg', [graph.node('Add', [meanOver(graph, agreement), entropyOfMean(graph, logits)])])
}
