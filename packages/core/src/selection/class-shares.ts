import type { Matrix } from '../tensor/index.ts'
import type { PresentClasses } from './present-classes.ts'

/**
 * The share of each basis direction that lies between classes: `Σ_c n_c (mean of column k over class c)²`, `r` values from
 * 0 to 1 for the orthonormal columns of `u` (`n × r`).
 */
export function sharesBetween(u: Matrix, { count, of, sizes }: PresentClasses): Float64Array {
  const sums = new Float64Array(count * u.columns)
  for (let i = 0; i < u.rows; i++) {
    const into = of[i] * u.columns
    for (let k = 0; k < u.columns; k++) sums[into + k] += u.data[i * u.columns + k]
  }
  const shares = new Float64Array(u.columns)
  sums.forEach((sum, at) => {
    shares[at % u.columns] += sum ** 2 / sizes[Math.floor(at / u.columns)]
  })
  return shares
}
