import { float, type GraphBuilder, int, type Value } from '../onnx/index.ts'
import { type Matrix, matrix, matrixTensor, rowOf, type Tensor, tensor, vectorTensor } from '../tensor/index.ts'
import { weightedMean } from './centred-products.ts'

/** Numbers with which `(x − centre)·rowsᵀ + offsets` orders the training rows by their distance from `x`. */
export interface DistanceOrder extends Readonly<Record<string, Tensor>> {
  /** `1 × d`. */
  readonly centre: Tensor
  /** `n × d`. */
  readonly rows: Tensor
  /** `n`. */
  readonly offsets: Tensor
}

/** By `‖x − r‖²` around the mean row, so that a common offset costs no digits. */
export function euclideanOrder(features: Matrix): DistanceOrder {
  const centre = weightedMean(features, new Float64Array(features.rows).fill(1))
  const rows = matrix(features.rows, features.columns)
  const offsets = new Float64Array(features.rows)
  for (let i = 0; i < features.rows; i++) {
    const row = rowOf(features, i)
    let square = 0
    for (let j = 0; j < row.length; j++) {
      const value = row[j] - centre[j]
      rows.data[i * row.length + j] = -2 * value
      square += value * value
    }
    offsets[i] = square
  }
  return distanceOrder(centre, rows, offsets)
}

/** By `1 − x·r / (‖x‖‖r‖)`, which is 1 where a row is zero; the length of `x` changes no order. */
export function cosineOrder(features: Matrix): DistanceOrder {
  const rows = matrix(features.rows, features.columns, features.data.slice())
  for (let i = 0; i < rows.rows; i++) {
    const row = rowOf(rows, i)
    const norm = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0))
    for (let j = 0; j < row.length; j++) row[j] /= norm > 0 ? -norm : -1
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
  const attributes = { transB: int(1), alpha: float(1), beta: float(1) }
  return graph.node('Gemm', [centred, parameters.rows, parameters.offsets], attributes)
}
