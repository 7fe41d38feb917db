import { type Matrix, matrix, type Random, seededRandom } from '../tensor/index.ts'

/** An `n × d` matrix of standard normal numbers. */
export function normalMatrix(rows: number, columns: number, random: Random = seededRandom(1)): Matrix {
  const result = matrix(rows, columns)
  for (let i = 0; i < result.data.length; i++) result.data[i] = random.normal()
  return result
}

/** A dense product in three plain loops: the reference for all that runs in graphs. */
export function plainProduct(a: Matrix, b: Matrix): Matrix {
  const result = matrix(a.rows, b.columns)
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < b.columns; j++) {
      let sum = 0
      for (let k = 0; k < a.columns; k++) sum += a.data[i * a.columns + k]! * b.data[k * b.columns + j]!
      result.data[i * b.columns + j] = sum
    }
  }
  return result
}

/** The largest difference between two arrays of numbers. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY
  let worst = 0
  for (let i = 0; i < a.length; i++) worst = Math.max(worst, Math.abs(a[i]! - b[i]!))
  return worst
}

/** A symmetric matrix `QΛQᵀ` with the given eigenvalues and random eigenvectors (Gram–Schmidt of normal columns). */
export function symmetricWith(values: readonly number[], random: Random = seededRandom(2)): Matrix {
  const n = values.length
  const q: Float64Array[] = []
  for (let j = 0; j < n; j++) {
    const v = Float64Array.from({ length: n }, () => random.normal())
    for (let pass = 0; pass < 2; pass++) {
      for (const u of q) {
        const along = u.reduce((sum, value, i) => sum + value * v[i]!, 0)
        for (let i = 0; i < n; i++) v[i] = v[i]! - along * u[i]!
      }
    }
    const length = Math.hypot(...v)
    q.push(v.map((value) => value / length))
  }
  const result = matrix(n, n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      result.data[i * n + j] = values.reduce((sum, value, k) => sum + value * q[k]![i]! * q[k]![j]!, 0)
    }
  }
  return result
}
