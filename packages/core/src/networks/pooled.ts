import { type GraphBuilder, int, type Value } from '../onnx/index.ts'
import { integerTensor } from '../tensor/index.ts'

/**
 * The mean over all places (height and width, steps, tokens) of a value with `rank` dimensions, batch first and channels on
 * `axis`: `N × channels`.
 */
export function pooled(graph: GraphBuilder, value: Value, rank: number, axis: number): Value {
  if (rank === 2) return value
  if (rank === 1) return graph.node('Unsqueeze', [value, graph.constant(integerTensor([1]), 'pool.axes')])
  if (axis === 1) return graph.node('Flatten', [graph.node('GlobalAveragePool', [value])], { axis: int(1) })
  const places = Array.from({ length: rank - 1 }, (_, i) => i + 1).filter((i) => i !== axis)
  return graph.node('ReduceMean', [value, graph.constant(integerTensor(places), 'pool.axes')], { keepdims: int(0) })
}
