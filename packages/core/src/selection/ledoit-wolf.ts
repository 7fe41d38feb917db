import { type Matrix, rowOf } from '../tensor/index.ts'

/** The covariance `(1 − α) Σ + α σ I` that is closest to the true one in expectation, as far as the rows tell. */
export interface Shrinkage {
  /** `α`, from 0 to 1. */
  readonly weight: number
  /** `σ`, the mean variance of a feature. */
  readonly level: number
}

/**
 * How much to shrink the covariance `Σ = XᵀX / n` of centred rows (`n × d`) with the squared singular values `squares`:
 * `α = min(b, δ) / δ`, where `δ = ‖Σ − σI‖² / d` and `b = (Σᵢ ‖xᵢ‖⁴ / n − ‖Σ‖²) / (n d)`.
 *
 * Ledoit, Wolf 2004, A Well-Conditioned Estimator for Large-Dimensional Covariance Matrices.
 */
export function ledoitWolf(centred: Matrix, squares: Float64Array): Shrinkage {
  const { rows: n, columns: d } = centred
  const variances = squares.map((square) => square / n)
  const trace = variances.reduce((sum, value) => sum + value, 0)
  const norm = variances.reduce((sum, value) => sum + value ** 2, 0)
  let fourth = 0
  for (let i = 0; i < n; i++) fourth += rowOf(centred, i).reduce((sum, value) => sum + value ** 2, 0) ** 2
  const level = trace / d
  const spread = norm / d - level ** 2
  const error = Math.min((fourth / n - norm) / (n * d), spread)
  return { level, weight: error > 0 && spread > 0 ? error / spread : 0 }
}
