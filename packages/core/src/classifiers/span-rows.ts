import { multiply, smallProduct, symmetricEigen } from '../linalg/index.ts'
import { affineStage } from '../onnx/index.ts'
import { applyStages, type Runtime } from '../runtime/index.ts'
import { type Matrix, matrix } from '../tensor/index.ts'

/** Rows in coordinates of their own span, and the way back for weights that were found there. */
export interface SpanRows {
  /** `n × r`: the same inner products as the rows around the centre have. */
  readonly rows: Matrix
  /** From `r × P` to `d × P`: the same inner products with the rows around the centre. */
  readonly weights: (found: Matrix) => Promise<Matrix>
}

/** Up to this many rows their `n × n` products are decomposed. */
const MOST_ROWS = 400

/** Directions in which the rows' squared extent is less than this share of the largest count as rounding. */
const NEGLIGIBLE = 1e-12

/**
 * Rows `X` (`n × d`) around a `centre` in an orthonormal basis of what they span: with `Y = X − centre`, `YYᵀ = EΛEᵀ` gives
 * the coordinates `EΛ^½` and the basis `YᵀEΛ^-½`. A few rows of a thousand features are then as many numbers each as there
 * are rows. Undefined where that is no gain: where rows are many, or no fewer than columns.
 */
export async function spanRows(runtime: Runtime, x: Matrix, centre: Float64Array): Promise<SpanRows | undefined> {
  const n = x.rows
  if (n > MOST_ROWS || n >= x.columns) return undefined
  const around = await applyStages(runtime, [affineStage(centre, new Float64Array(centre.length).fill(1))], x)
  const { values, vectors } = symmetricEigen(await multiply(runtime, around, around, { b: true }))
  const rank = Math.max(1, values.filter((value) => value > NEGLIGIBLE * values[0]).length)
  const rows = matrix(n, rank)
  const toBasis = matrix(n, rank)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < rank; j++) {
      const root = Math.sqrt(Math.max(values[j], 0))
      rows.data[i * rank + j] = vectors.data[i * n + j] * root
      toBasis.data[i * rank + j] = root === 0 ? 0 : vectors.data[i * n + j] / root
    }
  }
  return { rows, weights: async (found) => multiply(runtime, around, smallProduct(toBasis, found), { a: true }) }
}
