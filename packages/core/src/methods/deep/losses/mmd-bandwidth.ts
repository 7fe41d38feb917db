import { type GraphBuilder, int, type Value } from '../../../onnx/index.ts'
import { asScalar, integers, meanOver, rowsOf, scalar, sumOver } from './graph-values.ts'

/** The mean of a matrix of distances (`n × n`, `n >= 2`) over pairs of different rows. */
export const meanPairDistance = (graph: GraphBuilder, distances: Value): Value =>
  graph.node('Div', [sumOver(graph, distances), asScalar(graph, pairCount(graph, distances))])

/** The median of a matrix of distances (`n × n`, `n >= 2`) over pairs of different rows. */
export function medianPairDistance(graph: GraphBuilder, distances: Value): Value {
  // Below all distances the diagonal comes last in their order.
  const diagonal = graph.node('EyeLike', [distances])
  return medianOf(graph, graph.node('Sub', [distances, diagonal]), pairCount(graph, distances))
}

/** The median of the `count` (int64 `[1]`; by default all) largest elements, the mean of the middle two if even; of none 0. */
export function medianOf(graph: GraphBuilder, x: Value, count: Value = sizeList(graph, x)): Value {
  const [zero, one, two] = [0, 1, 2].map((value) => integers(graph, [value])) as [Value, Value, Value]
  const missing = graph.node('Max', [graph.node('Sub', [one, count]), zero])
  const filling = graph.node('Expand', [scalar(graph, 0), missing])
  const list = graph.node('Concat', [graph.node('Reshape', [x, integers(graph, [-1])]), filling], { axis: int(0) })
  const upper = graph.node('Div', [graph.node('Max', [graph.node('Sub', [count, one]), zero]), two])
  const lower = graph.node('Div', [count, two])
  const [largest] = graph.nodes('TopK', 2, [list, graph.node('Add', [lower, one])])
  const places = graph.node('Concat', [upper, lower], { axis: int(0) })
  return meanOver(graph, graph.node('Gather', [largest!, places]))
}

const sizeList = (graph: GraphBuilder, x: Value): Value =>
  graph.node('Reshape', [graph.node('Size', [x]), integers(graph, [1])])

/** `n² − n`, int64 `[1]`. */
function pairCount(graph: GraphBuilder, distances: Value): Value {
  const rows = rowsOf(graph, distances)
  return graph.node('Sub', [graph.node('Mul', [rows, rows]), rows])
}
