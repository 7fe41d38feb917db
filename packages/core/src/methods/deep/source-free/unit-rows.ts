import { type Matrix, matrix, rowOf } from '../../../tensor/index.ts'

/** The rows (`n × d`) at length 1; rows of zeros stay. */
export function unitRows(m: Matrix): Matrix {
  const result = matrix(m.rows, m.columns)
  for (let i = 0; i < m.rows; i++) {
    const row = rowOf(m, i)
    const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0))
    rowOf(result, i).set(row.map((value) => (length > 0 ? value / length : 0)))
  }
  return result
}
