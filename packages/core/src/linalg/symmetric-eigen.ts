import { DidNotConvergeError, InvalidInputError } from '../errors.ts'
import { type Matrix, matrix, transpose } from '../tensor/index.ts'

/** Eigenpairs `A v = λ v` of a symmetric matrix, the largest eigenvalue first. */
export interface Eigenpairs {
  /** `k` eigenvalues, descending. */
  readonly values: Float64Array
  /** `d × k`: eigenvector `j`, of unit length, is column `j`. */
  readonly vectors: Matrix
}

/**
 * All eigenpairs of a symmetric `n × n` matrix: Householder tridiagonalisation, then QL steps with implicit shifts
 * (Golub and Van Loan, Matrix Computations, 8.3). Only the lower triangle is read. `O(n³)`, in plain code: for some
 * hundred rows. Of a large matrix, take `topEigenpairs`.
 */
export function symmetricEigen(a: Matrix): Eigenpairs {
  const n = a.rows
  if (a.columns !== n) throw new InvalidInputError(`eigenpairs need a square matrix, got ${n} × ${a.columns}`)
  const { diagonal, offDiagonal, basis } = tridiagonalise(a)
  rotateToDiagonal(diagonal, offDiagonal, basis, n)
  const order = Array.from(diagonal.keys()).sort((i, j) => diagonal[j]! - diagonal[i]!)
  const vectors = matrix(n, n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) vectors.data[i * n + j] = basis[i * n + order[j]!]!
  }
  return { values: Float64Array.from(order, (i) => diagonal[i]!), vectors }
}

interface Tridiagonal {
  readonly diagonal: Float64Array
  /** `offDiagonal[i]` couples `i − 1` and `i`; the first is 0. */
  readonly offDiagonal: Float64Array
  /** `Q`, row-major, where `A = Q T Qᵀ`. */
  readonly basis: Float64Array
}

/** Reflects row after row, from the last up, onto its last element before the diagonal. */
function tridiagonalise(input: Matrix): Tridiagonal {
  const n = input.rows
  const a = input.data.slice()
  const diagonal = new Float64Array(n)
  const offDiagonal = new Float64Array(n)
  const scales = new Float64Array(n)
  const p = new Float64Array(n)
  for (let i = n - 1; i > 0; i--) {
    const v = a.subarray(i * n, i * n + i)
    const { beta, edge } = reflector(v)
    offDiagonal[i] = edge
    scales[i] = beta
    if (beta !== 0) reflectBothSides(a, n, i, v, beta, p)
  }
  for (let i = 0; i < n; i++) diagonal[i] = a[i * n + i]!
  const basis = transpose(matrix(n, n, accumulate(a, n, scales))).data
  return { diagonal, offDiagonal, basis }
}

/** Turns `x` into the vector `v` of a reflector `I − β v vᵀ` that sends it to `edge · e_last`. */
function reflector(x: Float64Array): { beta: number; edge: number } {
  const last = x.length - 1
  let scale = 0
  for (let k = 0; k < last; k++) scale = Math.max(scale, Math.abs(x[k]!))
  if (scale === 0) return { beta: 0, edge: x[last]! }
  scale = Math.max(scale, Math.abs(x[last]!))
  let norm = 0
  for (let k = 0; k <= last; k++) {
    x[k] = x[k]! / scale
    norm += x[k]! * x[k]!
  }
  const alpha = x[last]!
  const length = Math.sqrt(norm)
  const sign = alpha >= 0 ? 1 : -1
  x[last] = alpha + sign * length
  return { beta: 1 / (norm + Math.abs(alpha) * length), edge: -sign * length * scale }
}

/** `A ← H A H` on the leading `size` rows, lower triangle only: a rank-2 update. */
function reflectBothSides(
  a: Float64Array,
  n: number,
  size: number,
  v: Float64Array,
  beta: number,
  p: Float64Array,
): void {
  p.fill(0, 0, size)
  for (let i = 0; i < size; i++) {
    const row = i * n
    const vi = v[i]!
    let sum = a[row + i]! * vi
    for (let j = 0; j < i; j++) {
      const value = a[row + j]!
      sum += value * v[j]!
      p[j] = p[j]! + value * vi
    }
    p[i] = p[i]! + sum
  }
  let along = 0
  for (let i = 0; i < size; i++) along += p[i]! * v[i]!
  const half = (beta * beta * along) / 2
  for (let i = 0; i < size; i++) p[i] = beta * p[i]! - half * v[i]!
  for (let i = 0; i < size; i++) {
    const row = i * n
    const vi = v[i]!
    const wi = p[i]!
    for (let j = 0; j <= i; j++) a[row + j] = a[row + j]! - vi * p[j]! - wi * v[j]!
  }
}

/** `Qᵀ = H₁ H₂ … Hₙ₋₁`, from the reflectors left in the rows of `a`. */
function accumulate(a: Float64Array, n: number, scales: Float64Array): Float64Array {
  const rows = new Float64Array(n * n)
  for (let i = 0; i < n; i++) rows[i * n + i] = 1
  for (let i = 1; i < n; i++) {
    const beta = scales[i]!
    if (beta === 0) continue
    const v = i * n
    for (let r = 0; r < i; r++) {
      const row = r * n
      let sum = 0
      for (let k = 0; k < i; k++) sum += rows[row + k]! * a[v + k]!
      sum *= beta
      for (let k = 0; k < i; k++) rows[row + k] = rows[row + k]! - sum * a[v + k]!
    }
  }
  return rows
}

/** Implicit QL on the tridiagonal matrix; every sweep of rotations turns the columns of `basis`. */
function rotateToDiagonal(d: Float64Array, offDiagonal: Float64Array, basis: Float64Array, n: number): void {
  const e = new Float64Array(n)
  e.set(offDiagonal.subarray(1))
  const sweep: Sweep = { cosines: new Float64Array(n), sines: new Float64Array(n), from: 0, to: 0 }
  // Relative to the largest element: in a graded matrix small ones are rounding already.
  let size = 0
  for (let l = 0; l < n; l++) size = Math.max(size, Math.abs(d[l]!) + Math.abs(e[l]!))
  for (let l = 0; l < n; l++) {
    for (let step = 0; ; step++) {
      let m = l
      while (m < n - 1 && Math.abs(e[m]!) > Number.EPSILON * size) m++
      if (m === l) break
      if (step === 60) throw new DidNotConvergeError('QL iteration', Math.abs(e[l]!), 'check the matrix for NaN')
      qlSweep(d, e, l, m, sweep)
      turnColumns(basis, n, sweep)
    }
  }
}

/** Rotations of columns `i` and `i + 1`, for `i` from `to − 1` down to `from`. */
interface Sweep {
  readonly cosines: Float64Array
  readonly sines: Float64Array
  from: number
  to: number
}

/** One sweep of rotations from `m` up to `l` with Wilkinson's shift. */
function qlSweep(d: Float64Array, e: Float64Array, l: number, m: number, sweep: Sweep): void {
  let g = (d[l + 1]! - d[l]!) / (2 * e[l]!)
  let r = Math.hypot(g, 1)
  g = d[m]! - d[l]! + e[l]! / (g + (g >= 0 ? r : -r))
  let s = 1
  let c = 1
  let p = 0
  sweep.to = m
  for (let i = m - 1; i >= l; i--) {
    const f = s * e[i]!
    const b = c * e[i]!
    r = Math.sqrt(f * f + g * g)
    e[i + 1] = r
    if (r === 0) {
      d[i + 1] = d[i + 1]! - p
      e[m] = 0
      sweep.from = i + 1
      return
    }
    s = f / r
    c = g / r
    g = d[i + 1]! - p
    r = (d[i]! - g) * s + 2 * c * b
    p = s * r
    d[i + 1] = g + p
    g = c * r - b
    sweep.cosines[i] = c
    sweep.sines[i] = s
  }
  d[l] = d[l]! - p
  e[l] = g
  e[m] = 0
  sweep.from = l
}

/** Applies a sweep to all rows, four at a time: each row's rotations depend on one another, the rows do not. */
function turnColumns(basis: Float64Array, n: number, { cosines, sines, from, to }: Sweep): void {
  let k = 0
  for (; k + 4 <= n; k += 4) {
    const [r0, r1, r2, r3] = [k * n, (k + 1) * n, (k + 2) * n, (k + 3) * n]
    let y0 = basis[r0 + to]!
    let y1 = basis[r1 + to]!
    let y2 = basis[r2 + to]!
    let y3 = basis[r3 + to]!
    for (let i = to - 1; i >= from; i--) {
      const c = cosines[i]!
      const s = sines[i]!
      const x0 = basis[r0 + i]!
      const x1 = basis[r1 + i]!
      const x2 = basis[r2 + i]!
      const x3 = basis[r3 + i]!
      basis[r0 + i + 1] = s * x0 + c * y0
      basis[r1 + i + 1] = s * x1 + c * y1
      basis[r2 + i + 1] = s * x2 + c * y2
      basis[r3 + i + 1] = s * x3 + c * y3
      y0 = c * x0 - s * y0
      y1 = c * x1 - s * y1
      y2 = c * x2 - s * y2
      y3 = c * x3 - s * y3
    }
    basis[r0 + from] = y0
    basis[r1 + from] = y1
    basis[r2 + from] = y2
    basis[r3 + from] = y3
  }
  for (; k < n; k++) {
    const row = k * n
    let y = basis[row + to]!
    for (let i = to - 1; i >= from; i--) {
      const x = basis[row + i]!
      basis[row + i + 1] = sines[i]! * x + cosines[i]! * y
      y = cosines[i]! * x - sines[i]! * y
    }
    basis[row + from] = y
  }
}
