import { int, type Stage } from '../onnx/index.ts'
import { type Matrix, matrixTensor } from '../tensor/index.ts'

/**
 * A positive semidefinite operator on `n`-vectors, given by what it does to a block of them: a stage from `n × m` to
 * `n × m` that acts on the columns. A large one need never be formed; where it is, `matrix` lets more work be fused.
 */
export interface Operator {
  readonly size: number
  readonly stage: Stage
  readonly matrix?: Matrix
}

/** `V ↦ A V` for a matrix `A` (`n × n`). */
export const matrixOperator = (a: Matrix): Operator => ({
  size: a.rows,
  matrix: a,
  stage: {
    kind: 'matrix',
    parameters: { a: matrixTensor(a) },
    build: (graph, v, { a }) => graph.node('MatMul', [a!, v]),
  },
})

/** `V ↦ Xᵀ X V` for `X` (`n × d`), without forming the `d × d` product: cheaper where `n` is small. */
export const gramOperator = (x: Matrix): Operator => ({
  size: x.columns,
  stage: {
    kind: 'gram',
    parameters: { sample: matrixTensor(x) },
    build: (graph, v, { sample }) => {
      const image = graph.node('MatMul', [sample!, v])
      return graph.node('Gemm', [sample!, image], { transA: int(1) })
    },
  },
})
