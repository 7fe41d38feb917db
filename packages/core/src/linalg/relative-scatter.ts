import { float, graphBuilder, int, type Model, type Value } from '../onnx/index.ts'
import type { Runtime } from '../runtime/index.ts'
import { integerTensor, type Matrix, matrixTensor, tensorMatrix } from '../tensor/index.ts'
import { columnSums } from './column-sums.ts'
import { gramParts, joinSymmetric, multiplySymmetric, runBySize, wholeOrBlocks } from './symmetric-blocks.ts'

/** The products of a sample's rows, and their scatter relative to them. */
export interface RelativeScatter {
  /** `G = XᵀX`, `d × d`. */
  readonly metric: Matrix
  /** `XᵀHX G`, `d × d`, `H` taking the mean row away: self-adjoint in the metric. */
  readonly scatter: Matrix
}

/**
 * Both for the rows of `x` (`n × d`): with `s` and `m` the sum and the mean of the rows, `XᵀHX G = G² − s (mᵀG)`, in
 * which only a square has to be multiplied out. As precise as `G` itself, for which the rows are not centred.
 */
export async function relativeScatter(runtime: Runtime, x: Matrix): Promise<RelativeScatter> {
  const { metric, scatter } = await runBySize(runtime, models, x.columns, { x: matrixTensor(x) })
  return { metric: tensorMatrix(metric!), scatter: tensorMatrix(scatter!) }
}

const models = wholeOrBlocks(relativeModel)

function relativeModel(inBlocks: boolean): Model {
  const graph = graphBuilder('relative scatter')
  const x = graph.input('x', 'float64', ['n', 'd'])
  const parts = gramParts(graph, x, inBlocks ? graph.input('halves', 'int64', [2]) : undefined)
  const metric = joinSymmetric(graph, parts)
  const square = joinSymmetric(graph, multiplySymmetric(graph, parts, parts))
  const { sum, mean } = columnSums(graph, x)
  const rowOf = (vector: Value) => graph.node('Unsqueeze', [vector, graph.constant(integerTensor([0]))])
  const image = graph.node('MatMul', [rowOf(mean), metric])
  const scatter = graph.node('Gemm', [rowOf(sum), image, square], { transA: int(1), alpha: float(-1), beta: float(1) })
  graph.output('metric', metric, 'float64', ['d', 'd'])
  graph.output('scatter', scatter, 'float64', ['d', 'd'])
  return graph.model()
}
