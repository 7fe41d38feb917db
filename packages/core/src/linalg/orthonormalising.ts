import { type Matrix, matrix } from '../tensor/index.ts'
import { symmetricEigen } from './symmetric-eigen.ts'

/**
 * `W` (`m × r`) with `WᵀSW = I` for a small positive semidefinite `S` (`m × m`): its columns make those of a basis with
 * the products `S` orthonormal. `r` is the numerical rank of `S`: directions in which it vanishes are left out. Plain code.
 */
export function orthonormalising(products: Matrix): Matrix {
  const s = symmetrise(products)
  const m = s.rows
  const scale = Float64Array.from({ length: m }, (_, i) => {
    const d = s.data[i * m + i]!
    return d > 0 ? 1 / Math.sqrt(d) : 0
  })
  const unit = matrix(m, m)
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < m; j++) unit.data[i * m + j] = s.data[i * m + j]! * scale[i]! * scale[j]!
  }
  const inverse = inverseCholesky(unit)
  if (inverse !== undefined) {
    for (let i = 0; i < m; i++) {
      for (let j = 0; j < m; j++) inverse.data[i * m + j] = inverse.data[i * m + j]! * scale[i]!
    }
    return inverse
  }
  const { values, vectors } = symmetricEigen(unit)
  const rank = values.findIndex((value) => value <= values[0]! * 1e-13 * m)
  const kept = rank === -1 ? m : rank
  const result = matrix(m, kept)
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < kept; j++) {
      result.data[i * kept + j] = (vectors.data[i * m + j]! * scale[i]!) / Math.sqrt(values[j]!)
    }
  }
  return result
}

/** `L⁻ᵀ`, upper triangular, of `S = L Lᵀ` with unit diagonal; undefined where `S` is close to singular. */
function inverseCholesky(s: Matrix): Matrix | undefined {
  const m = s.rows
  const l = new Float64Array(m * m)
  for (let i = 0; i < m; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = s.data[i * m + j]!
      for (let k = 0; k < j; k++) sum -= l[i * m + k]! * l[j * m + k]!
      if (i === j) {
        if (!(sum > 1e-10)) return undefined
        l[i * m + i] = Math.sqrt(sum)
      } else {
        l[i * m + j] = sum / l[j * m + j]!
      }
    }
  }
  const inverse = matrix(m, m)
  const column = new Float64Array(m)
  for (let j = 0; j < m; j++) {
    for (let i = j; i < m; i++) {
      let sum = i === j ? 1 : 0
      for (let k = j; k < i; k++) sum -= l[i * m + k]! * column[k]!
      column[i] = sum / l[i * m + i]!
      inverse.data[j * m + i] = column[i]!
    }
  }
  return inverse
}

/** `(A + Aᵀ)/2`: products on the runtime are symmetric but for rounding. */
function symmetrise(a: Matrix): Matrix {
  const n = a.rows
  const result = matrix(n, n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) result.data[i * n + j] = (a.data[i * n + j]! + a.data[j * n + i]!) / 2
  }
  return result
}
