import { int, type Stage } from '../onnx/index.ts'
import { type Matrix, matrix, matrixTensor, vectorTensor } from '../tensor/index.ts'

/** A linear decision function for each class that has rows. */
export interface LinearModel {
  /** `d × P`. */
  readonly weights: Matrix
  /** `P`. */
  readonly intercepts: Float64Array
}

/** The decision value of a class without rows: finite, and so low that its probability is exactly 0. */
const ABSENT = -1e30

/**
 * The stage `softmax(X·W + b)` from `N × d` to `N × classes`, its parameters being those of `model` for the classes in
 * `present` and, for the others, weights of zero and an intercept that makes the probability exactly 0.
 */
export function linearStage(model: LinearModel, present: Int32Array, classes: number): Stage {
  const { rows: d, columns: p } = model.weights
  const weights = matrix(d, classes)
  const intercepts = new Float64Array(classes).fill(ABSENT)
  present.forEach((c, k) => {
    for (let j = 0; j < d; j++) weights.data[j * classes + c] = model.weights.data[j * p + k]
    intercepts[c] = model.intercepts[k]
  })
  return {
    kind: 'linear-softmax',
    parameters: { weights: matrixTensor(weights), intercepts: vectorTensor(intercepts) },
    build: (graph, input, parameters) =>
      graph.node('Softmax', [graph.node('Gemm', [input, parameters.weights, parameters.intercepts])], {
        axis: int(-1),
      }),
  }
}
