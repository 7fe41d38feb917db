import { multiply, symmetricEigen } from '../linalg/index.ts'
import { graphBuilder, int, type Model } from '../onnx/index.ts'
import type { Runtime } from '../runtime/index.ts'
import { type Matrix, matrix, matrixTensor, scalarTensor, takeColumns, tensorMatrix } from '../tensor/index.ts'

/** The left part of a thin singular value decomposition `X = U diag(σ) Vᵀ`: what scores need of features. */
export interface RowBasis {
  /** `n × r`, orthonormal columns; `r` is the rank. */
  readonly u: Matrix
  /** `σ²`, `r` values, descending, all positive. */
  readonly squares: Float64Array
}

/**
 * Singular values below 1e-6 of the largest (here squared) count as 0: the rounding of float32 features leaves about a
 * tenth of that.
 */
const NEGLIGIBLE = 1e-12

/** The singular basis of the rows of `x` (`n × d`), by the eigenpairs of the smaller of `XXᵀ` and `XᵀX`. */
export async function rowBasis(runtime: Runtime, x: Matrix): Promise<RowBasis> {
  const wide = x.rows <= x.columns
  const { values, vectors } = symmetricEigen(await multiply(runtime, x, x, wide ? { b: true } : { a: true }))
  const squares = values.filter((value) => value > 0 && value > NEGLIGIBLE * values[0])
  if (squares.length === 0) return { u: matrix(x.rows, 0), squares }
  const leading = takeColumns(vectors, 0, squares.length)
  if (wide) return { u: leading, squares }
  const whitening = leading.data.map((value, i) => value / Math.sqrt(squares[i % squares.length]))
  const u = await multiply(runtime, x, matrix(leading.rows, leading.columns, whitening))
  const { y } = await runtime.run(orthogonalStep, { u: matrixTensor(u), half: scalarTensor(0.5) })
  return { u: tensorMatrix(y), squares }
}

/**
 * One Newton–Schulz step `U + U (I − UᵀU) / 2`: the division by small singular values leaves columns orthogonal to 1e-4
 * at worst, and the step squares that.
 */
const orthogonalStep: Model = (() => {
  const graph = graphBuilder('orthogonal-step')
  const u = graph.input('u', 'float64', ['n', 'r'])
  const half = graph.input('half', 'float64', [])
  const gram = graph.node('Gemm', [u, u], { transA: int(1) })
  const rest = graph.node('Mul', [graph.node('Sub', [graph.node('EyeLike', [gram]), gram]), half])
  graph.output('y', graph.node('Gemm', [u, rest, u]), 'float64', ['n', 'r'])
  return graph.model()
})()
