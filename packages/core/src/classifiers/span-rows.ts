import { multiply, smallProduct, symmetricEigen } from '../linalg/index.ts'
import type { Runtime } from '../runtime/index.ts'
import { type Matrix, matrix } from '../tensor/index.ts'

/** Rows in coordinates of their own span, and the way back for weights that were found there. */
export interface SpanRows {
  /** `n × r`: the same inner products as the rows have. */
  readonly rows: Matrix
  /** From `r × P` to `d × P`: the same inner products with the rows. */
  readonly weights: (found: Matrix) => Promise<Matrix>
}

/** Up to this many rows their `n × n` products are decomposed; more rows, or rows with fewer columns, stay as they are. */
const MOST_ROWS = 256

/** Directions in which the rows' squared extent is less than this share of the largest count as rounding. */
const NEGLIGIBLE = 1e-12

/**
 * Rows `X` (`n × d`) in an orthonormal basis of what they span, where they are few: `XXᵀ = EΛEᵀ` gives the coordinates
 * `EΛ^½` and the basis `XᵀEΛ^-½`. A few rows of a thousand features are then as many numbers each as there are rows.
 */
export async function spanRows(runtime: Runtime, x: Matrix): Promise<SpanRows> {
  if (x.rows > MOST_ROWS || x.rows >= x.columns) return { rows: x, weights: async (found) => found }
  const { values, vectors } = symmetricEigen(await multiply(runtime, x, x, { b: true }))
  const rank = Math.max(1, values.filter((value) => value > NEGLIGIBLE * values[0]).length)
  const rows = matrix(x.rows, rank)
  const toBasis = matrix(x.rows, rank)
  for (let i = 0; i < x.rows; i++) {
    for (let j = 0; j < rank; j++) {
      const root = Math.sqrt(Math.max(values[j], 0))
      rows.data[i * rank + j] = vectors.data[i * x.rows + j] * root
      toBasis.data[i * rank + j] = root === 0 ? 0 : vectors.data[i * x.rows + j] / root
    }
  }
  return { rows, weights: async (found) => multiply(runtime, x, smallProduct(toBasis, found), { a: true }) }
}
