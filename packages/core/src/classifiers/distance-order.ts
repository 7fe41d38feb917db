import { float, type GraphBuilder, int, type Value } from '../onnx/index.ts'
import { type Matrix, matrix, matrixTensor, rowOf, type Tensor, tensor, vectorTensor } from '../tensor/index.ts'
import { weightedMean } from './centred-products.ts'

/** Numbers with which `offsets − (x − centre)·rowsᵀ` orders the training rows by their distance from `x`. */
export interface DistanceOrder extends Readonly<Record<string, Tensor>> {
  /** `1 × d`. */
  readonly centre: Tensor
  /** `n × d`. */
  readonly rows: Tensor
  /** `n`. */
  readonly offsets: Tensor
}

/**
 * By `½‖x − r‖²`. Where the rows lie far from the origin, around their mean, so that what they have in common costs no
 * digits; else around the origin, the rows being the caller's own array.
 */
export function euclideanOrder(features: Matrix): DistanceOrder {
  const mean = weightedMean(features, new Float64Array(features.rows).fill(1))
  const squares = halfSquares(features)
  const square = mean.reduce((sum, value) => sum + value * value, 0)
  // Σ‖r‖² = Σ‖r − m‖² + n‖m‖²: the mean is no longer than the rows' distance from it.
  const near = features.rows * square <= squares.reduce((sum, value) => sum + value, 0)
  if (near) return distanceOrder(new Float64Array(features.columns), features, squares)
  const rows = matrix(features.rows, features.columns)
  for (let i = 0, at = 0; i < features.rows; i++) {
    for (let j = 0; j < features.columns; j++, at++) rows.data[at] = features.data[at] - mean[j]
  }
  return distanceOrder(mean, rows, halfSquares(rows))
}

/** `½‖r‖²` of every row. */
function halfSquares({ rows, columns, data }: Matrix): Float64Array {
  const squares = new Float64Array(rows)
  for (let i = 0, at = 0; i < rows; i++) {
    let square = 0
    for (let j = 0; j < columns; j++, at++) square += data[at] * data[at]
    squares[i] = square / 2
  }
  return squares
}

/** By `1 − x·r / (‖x‖‖r‖)`, which is 1 where a row is zero; the length of `x` changes no order. */
export function cosineOrder(features: Matrix): DistanceOrder {
  const rows = matrix(features.rows, features.columns, features.data.slice())
  for (let i = 0; i < rows.rows; i++) {
    const row = rowOf(rows, i)
    const norm = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0))
    if (norm > 0) for (let j = 0; j < row.length; j++) row[j] /= norm
  }
  return distanceOrder(new Float64Array(rows.columns), rows, new Float64Array(rows.rows))
}

const distanceOrder = (centre: Float64Array, rows: Matrix, offsets: Float64Array): DistanceOrder => ({
  centre: tensor('float64', [1, centre.length], centre),
  rows: matrixTensor(rows),
  offsets: vectorTensor(offsets),
})

/** `N × n`: for every row of the input, what orders the training rows by distance. */
export function orderByDistance(graph: GraphBuilder, input: Value, parameters: Readonly<Record<string, Value>>): Value {
  const centred = graph.node('Sub', [input, parameters.centre])
  const attributes = { transB: int(1), alpha: float(-1), beta: float(1) }
  return graph.node('Gemm', [centred, parameters.rows, parameters.offsets], attributes)
}
