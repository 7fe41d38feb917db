import { type GraphBuilder, int, type Value } from '../../../onnx/index.ts'
import { integers, scalar } from './graph-values.ts'

/**
 * The places of the `count` rows of a bank (`n × d`, rows of length 1) that are most similar, by cosine, to each of the
 * rows at `places` (int64, `R`): `R × count`, the nearest first, a row itself left out. The bank has more than `count` rows.
 */
export function nearestRows(graph: GraphBuilder, bank: Value, places: Value, count: number): Value {
  const similarities = graph.node('MatMul', [graph.node('Gather', [bank, places]), graph.node('Transpose', [bank])])
  const size = graph.node('Squeeze', [graph.node('Shape', [bank], { start: int(0), end: int(1) })])
  const every = graph.node('Range', [place(graph, 0), size, place(graph, 1)])
  const self = graph.node('Equal', [graph.node('Unsqueeze', [places, integers(graph, [1])]), every])
  const others = graph.node('Where', [self, scalar(graph, -1e30), similarities])
  return graph.nodes('TopK', 2, [others, integers(graph, [count])])[1]!
}

const place = (graph: GraphBuilder, value: number): Value =>
  graph.constant({ type: 'int64', dims: [], data: BigInt64Array.of(BigInt(value)) })
