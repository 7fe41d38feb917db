import { stopGradient } from '../../../autodiff/index.ts'
import { type GraphBuilder, int, type Value } from '../../../onnx/index.ts'
import { asScalar, meanOver, rowCount, scalar } from './graph-values.ts'

/**
 * `‖C_s − C_t‖²_F / 4d²`, a scalar, with the sample covariances `C = Xcᵀ Xc / (N − 1)` of `source` (`N_s × d`) and `target`
 * (`N_t × d`), `Xc` being the rows without their mean. One row alone has the covariance 0.
 *
 * Sun, Saenko 2016, Deep CORAL: Correlation Alignment for Deep Domain Adaptation, equations 1 to 3.
 */
export function deepCoral(graph: GraphBuilder, source: Value, target: Value): Value {
  const difference = graph.node('Sub', [covariance(graph, source), covariance(graph, target)])
  const width = asScalar(graph, graph.node('Shape', [source], { start: int(1), end: int(2) }))
  const part = graph.node('Div', [difference, graph.node('Mul', [width, scalar(graph, 2)])])
  return graph.node('ReduceSumSquare', [part], { keepdims: int(0) })
}

/** `d × d`. The rows without their mean sum to zero, so that what passes through the mean has no gradient. */
function covariance(graph: GraphBuilder, x: Value): Value {
  const centred = graph.node('Sub', [x, stopGradient(graph, meanOver(graph, x, [0], true))])
  const one = scalar(graph, 1)
  const divisor = graph.node('Max', [graph.node('Sub', [rowCount(graph, x), one]), one])
  const rows = graph.node('Div', [centred, graph.node('Sqrt', [divisor])])
  return graph.node('Gemm', [rows, rows], { transA: int(1) })
}
