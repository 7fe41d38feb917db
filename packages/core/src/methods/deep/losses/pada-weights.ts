import { stopGradient } from '../../../autodiff/index.ts'
import { type GraphBuilder, int, type Value } from '../../../onnx/index.ts'
import { meanOver } from './graph-values.ts'
import { probabilitiesOf } from './predictions.ts'

/**
 * The class weights of partial adaptation (PADA, Cao 2018): `γ = (1/N_t) Σᵢ softmax(z_i)` over the target's rows
 * (`N_t × C`), divided by its largest element, `C`: near 0 for a source class that the target lacks. No gradient passes.
 */
export function padaWeights(graph: GraphBuilder, targetLogits: Value): Value {
  const shares = meanOver(graph, probabilitiesOf(graph, stopGradient(graph, targetLogits)), [0])
  return graph.node('Div', [shares, graph.node('ReduceMax', [shares], { keepdims: int(0) })])
}

/** The weight `γ_{y_i}` of each source row, from class weights (`C`) and class numbers (int64 or int32): `N_s`. */
export const weightsOfRows = (graph: GraphBuilder, weights: Value, classes: Value): Value =>
  graph.node('Gather', [stopGradient(graph, weights), classes])
