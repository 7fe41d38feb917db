import { type GraphBuilder, int, type Value } from '../../onnx/index.ts'
import type { Tensors } from '../../runtime/index.ts'
import { inputOf, integers } from './loss-term.ts'

/** Sums a value over everything. */
export const total = (graph: GraphBuilder, value: Value): Value =>
  graph.node('ReduceSum', [value], { keepdims: int(0) })

/** `Σ sᵢ ℓᵢ / Σ sᵢ`, or the mean of `ℓ` where the samples have no weights. `perSample` is `N`. */
export function weightedMean(
  graph: GraphBuilder,
  batch: Tensors,
  perSample: Value,
  sampleWeights: string | undefined,
): Value {
  if (sampleWeights === undefined) return graph.node('ReduceMean', [perSample], { keepdims: int(0) })
  const weights = inputOf(graph, batch, sampleWeights, 'a weight for each sample')
  return graph.node('Div', [total(graph, graph.node('Mul', [perSample, weights])), total(graph, weights)])
}

/** The mean of `values` (`N × …`) over all but the first axis: `N`. */
export function meanPerSample(graph: GraphBuilder, values: Value): Value {
  const rows = graph.node('Flatten', [values], { axis: int(1) })
  return graph.node('ReduceMean', [rows, integers(graph, [1])], { keepdims: int(0) })
}
