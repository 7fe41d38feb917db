import { type Matrix, matrix } from 'graft-learn'

/** Eigenvalues of a symmetric matrix, largest first, and their vectors as columns of an `n × n` matrix. */
export interface SmallEigenpairs {
  readonly values: Float64Array
  readonly vectors: Matrix
}

/** All eigenpairs of a small symmetric matrix (a few dozen rows) by cyclic Jacobi rotations (Jacobi 1846). */
export function jacobiEigenpairs(symmetric: Matrix): SmallEigenpairs {
  const n = symmetric.rows
  const a = symmetric.data.slice()
  const v = new Float64Array(n * n)
  for (let i = 0; i < n; i++) v[i * n + i] = 1
  const total = a.reduce((sum, x) => sum + x * x, 0)
  for (let sweep = 0; sweep < 50 && offDiagonal(a, n) > 1e-30 * total; sweep++) {
    for (let p = 0; p < n; p++) for (let q = p + 1; q < n; q++) rotate(a, v, n, p, q)
  }
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => a[j * n + j]! - a[i * n + i]!)
  const vectors = matrix(n, n)
  order.forEach((from, to) => {
    for (let i = 0; i < n; i++) vectors.data[i * n + to] = v[i * n + from]!
  })
  return { values: Float64Array.from(order, (i) => a[i * n + i]!), vectors }
}

/** Turns the plane of axes p and q so that element (p, q) of `a` vanishes, and keeps track of the turn in `v`. */
function rotate(a: Float64Array, v: Float64Array, n: number, p: number, q: number): void {
  const apq = a[p * n + q]!
  if (apq === 0) return
  const theta = (a[q * n + q]! - a[p * n + p]!) / (2 * apq)
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1))
  const c = 1 / Math.hypot(t, 1)
  const s = t * c
  for (let k = 0; k < n; k++) turn(a, k * n + p, k * n + q, c, s)
  for (let k = 0; k < n; k++) turn(a, p * n + k, q * n + k, c, s)
  for (let k = 0; k < n; k++) turn(v, k * n + p, k * n + q, c, s)
}

function turn(data: Float64Array, i: number, j: number, c: number, s: number): void {
  const [x, y] = [data[i]!, data[j]!]
  data[i] = c * x - s * y
  data[j] = s * x + c * y
}

function offDiagonal(a: Float64Array, n: number): number {
  let sum = 0
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) if (i !== j) sum += a[i * n + j]! ** 2
  return sum
}
