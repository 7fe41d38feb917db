import type { Stage } from '../onnx/index.ts'
import { type Matrix, matrixTensor } from '../tensor/index.ts'

/**
 * A symmetric positive semidefinite operator on `n`-vectors, given by what it does to a block of them: a stage from
 * `n × m` to `n × m` that acts on the columns. Large ones need never be formed.
 */
export interface Operator {
  readonly size: number
  readonly stage: Stage
}

/** `V ↦ A V` for a symmetric matrix `A` (`n × n`). */
export const matrixOperator = (a: Matrix): Operator => ({
  size: a.rows,
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
      return graph.node('Gemm', [sample!, image], { transA: { type: 'int', value: 1 } })
    },
  },
})
