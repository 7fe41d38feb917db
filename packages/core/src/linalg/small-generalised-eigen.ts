import { type Matrix, matrix } from '../tensor/index.ts'
import { type Eigenpairs, symmetricEigen } from './symmetric-eigen.ts'

/**
 * Eigenpairs of `H c = θ S c` for small symmetric `H` and positive semidefinite `S` (`m × m`), `CᵀSC = I`, largest
 * first. Directions in which `S` vanishes are left out, so there can be fewer than `m` pairs. Plain code.
 */
export function generalisedEigen(h: Matrix, s: Matrix): Eigenpairs {
  const whitening = whiten(s)
  const inner = symmetricEigen(sandwich(whitening, h))
  return { values: inner.values, vectors: smallProduct(whitening, inner.vectors) }
}

/** `W` (`m × r`) with `WᵀSW = I`; `r` is the numerical rank of `S`. */
function whiten(s: Matrix): Matrix {
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

/** `WᵀHW`. */
function sandwich(w: Matrix, h: Matrix): Matrix {
  const hw = smallProduct(h, w)
  const result = matrix(w.columns, w.columns)
  for (let k = 0; k < w.rows; k++) {
    for (let i = 0; i < w.columns; i++) {
      const value = w.data[k * w.columns + i]!
      if (value === 0) continue
      for (let j = 0; j < w.columns; j++) {
        const at = i * w.columns + j
        result.data[at] = result.data[at]! + value * hw.data[k * w.columns + j]!
      }
    }
  }
  return result
}

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
