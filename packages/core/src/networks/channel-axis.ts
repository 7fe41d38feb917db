import { ancestors } from '../autodiff/index.ts'
import { type Graph, intsOf, type Node } from '../onnx/index.ts'
import { dependentOn } from './in-order.ts'

const FIRST = new Set([
  'AveragePool',
  'BatchNormalization',
  'Conv',
  'ConvTranspose',
  'GlobalAveragePool',
  'GlobalMaxPool',
  'GroupNormalization',
  'InstanceNormalization',
  'LRN',
  'MaxPool',
])
const LAST = new Set(['Gemm', 'LayerNormalization', 'LSTM', 'GRU', 'RNN', 'MatMul', 'RMSNormalization'])

/**
 * Which axis of a value (of `rank` dimensions, batch first) holds its channels: 1, as convolutions give them, or the
 * last, as matrix products do; the remaining ones are places (height, width, tokens). Told by the operator that made them,
 * followed back through those that keep or move axes.
 */
export function channelAxis(graph: Graph, input: string, value: string, rank: number): number {
  const nodes = ancestors(graph.nodes, [value])
  const carrying = dependentOn(nodes, [input])
  const producers = new Map(nodes.flatMap((node) => node.outputs.map((name): [string, Node] => [name, node])))
  let name = value
  let axis = rank - 1
  /** Where the axes of `value` are in the value looked at, while they are only moved. */
  let order: readonly number[] = Array.from({ length: rank }, (_, i) => i)
  for (;;) {
    const node = producers.get(name)
    if (node === undefined) return rank > 2 ? 1 : rank - 1
    if (FIRST.has(node.op)) axis = 1
    else if (LAST.has(node.op)) axis = order.length - 1
    else {
      const permutation = node.op === 'Transpose' ? intsOf(node, 'perm') : undefined
      if (permutation !== undefined && permutation.length === order.length) order = order.map((i) => permutation[i]!)
      name = node.inputs.find((each) => carrying.has(each)) ?? ''
      continue
    }
    const found = order.indexOf(axis)
    return found > 0 ? found : rank - 1
  }
}
