import { type Matrix, matrix } from '../tensor/index.ts'

/** `A B` in plain code, for matrices too small to be worth a graph run. */
export function smallProduct(a: Matrix, b: Matrix): Matrix {
  const result = matrix(a.rows, b.columns)
  for (let i = 0; i < a.rows; i++) {
    const out = result.data.subarray(i * b.columns, (i + 1) * b.columns)
    for (let k = 0; k < a.columns; k++) {
      const value = a.data[i * a.columns + k]!
      if (value === 0) continue
      const row = k * b.columns
      for (let j = 0; j < b.columns; j++) out[j] = out[j]! + value * b.data[row + j]!
    }
  }
  return result
}
