import { type GraphBuilder, int, type Value } from '../../onnx/index.ts'
import type { Tensors } from '../../runtime/index.ts'
import { checkDims, inputOf, integers } from './loss-term.ts'

const WEIGHTS = 'a weight for each sample'

/** Sums a value over everything. */
export const total = (graph: GraphBuilder, value: Value): Value =>
  graph.node('ReduceSum', [value], { keepdims: int(0) })

/** The input of weights, one for each sample. */
export const weightsInput = (graph: GraphBuilder, batch: Tensors, name: string): Value =>
  inputOf(graph, batch, name, WEIGHTS)

/** `Σ sᵢ ℓᵢ / Σ sᵢ`, or the mean of `ℓ` where the samples have no weights. `perSample` is `N`. */
export function weightedMean(
  graph: GraphBuilder,
  batch: Tensors,
  perSample: Value,
  sampleWeights: string | undefined,
): Value {
  if (sampleWeights === undefined) return graph.node('ReduceMean', [perSample], { keepdims: int(0) })
  const weights = weightsInput(graph, batch, sampleWeights)
  return graph.node('Div', [total(graph, graph.node('Mul', [perSample, weights])), total(graph, weights)])
}

/** The mean of `values` (`N × …`) over all but the first axis: `N`. */
export function meanPerSample(graph: GraphBuilder, values: Value): Value {
  const rows = graph.node('Flatten', [values], { axis: int(1) })
  return graph.node('ReduceMean', [rows, integers(graph, [1])], { keepdims: int(0) })
}

/** Throws `InvalidInputError` unless there is a weight for each sample of an output of shape `dims`. */
export function checkSampleWeights(batch: Tensors, name: string | undefined, dims: readonly number[]): void {
  if (name !== undefined) checkDims(batch, name, WEIGHTS, dims.slice(0, 1))
}
