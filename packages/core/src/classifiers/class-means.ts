import { TINY } from '../onnx/index.ts'
import { type Matrix, matrix, rowOf } from '../tensor/index.ts'
import type { LinearModel } from './linear-stage.ts'
import type { TrainingRows } from './training-rows.ts'

/** The weighted mean of each class's rows, `P × d`; `change` may change a copy of each row before it is counted. */
export function classMeans(rows: TrainingRows, change: (row: Float64Array) => void = () => {}): Matrix {
  const { features, labels, weights, present } = rows
  const means = matrix(present.length, features.columns)
  const totals = new Float64Array(present.length)
  const row = new Float64Array(features.columns)
  for (let i = 0; i < features.rows; i++) {
    copyRow(features, i, row)
    change(row)
    const label = labels[i]
    totals[label] += weights[i]
    const at = label * row.length
    for (let j = 0; j < row.length; j++) means.data[at + j] += weights[i] * row[j]
  }
  totals.forEach((total, k) => {
    const mean = rowOf(means, k)
    for (let j = 0; j < mean.length; j++) mean[j] /= total
  })
  return means
}

/** Divides a row by its Euclidean length, as `unitRowsStage` does, and returns that; a row of zeros stays as it is. */
export function toUnitLength(row: Float64Array): number {
  let square = 0
  for (let j = 0; j < row.length; j++) square += row[j] * row[j]
  const length = Math.max(Math.sqrt(square), TINY)
  for (let j = 0; j < row.length; j++) row[j] /= length
  return length
}

/**
 * The linear model whose softmax is that of `−½·scale·‖x − mean‖²`: weights `scale·mean`, intercepts `−½·scale·‖mean‖²`.
 * What is left out, `−½·scale·‖x‖²`, is the same for all classes.
 */
export function distanceModel(means: Matrix, scale: number): LinearModel {
  const intercepts = new Float64Array(means.rows)
  for (let k = 0; k < means.rows; k++) {
    for (const value of rowOf(means, k)) intercepts[k] -= (scale / 2) * value * value
  }
  return { weights: scaledTranspose(means, scale), intercepts }
}

/** `scale · mᵀ`. */
export function scaledTranspose(m: Matrix, scale: number): Matrix {
  const result = matrix(m.columns, m.rows)
  for (let i = 0; i < m.rows; i++) {
    for (let j = 0; j < m.columns; j++) result.data[j * m.rows + i] = scale * m.data[i * m.columns + j]
  }
  return result
}

/** Sparse rows are read along their non-zeros, so that the whole matrix is never filled in. */
function copyRow(features: Matrix, i: number, row: Float64Array): void {
  const { sparse } = features
  if (sparse === undefined) {
    row.set(rowOf(features, i))
    return
  }
  row.fill(0)
  for (let k = sparse.starts[i]; k < sparse.starts[i + 1]; k++) row[sparse.indices[k]] = sparse.values[k]
}
