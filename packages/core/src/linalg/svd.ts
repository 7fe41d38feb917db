import { type Matrix, matrix, transpose } from '../tensor/index.ts'

/** Thin singular value decomposition `A = U diag(s) Vᵀ`. */
export interface SingularValues {
  /** `m × r`, orthonormal columns where the singular value is not 0; `r = min(m, n)`. */
  readonly u: Matrix
  /** `r` values, descending. */
  readonly values: Float64Array
  /** `n × r`, orthonormal columns. */
  readonly v: Matrix
}

const MOST_SWEEPS = 60

/**
 * SVD by one-sided Jacobi rotations (Hestenes 1958): accurate to the last digits also for small singular values.
 * `O(m n²)` a sweep, in plain code: for up to some hundred columns.
 */
export function svd(a: Matrix): SingularValues {
  if (a.rows < a.columns) {
    const { u, values, v } = svd(transpose(a))
    return { u: v, values, v: u }
  }
  const { rows: m, columns: n } = a
  const work = transpose(a).data
  const right = new Float64Array(n * n)
  for (let j = 0; j < n; j++) right[j * n + j] = 1
  for (let sweep = 0; sweep < MOST_SWEEPS; sweep++) {
    let turned = false
    for (let p = 0; p < n - 1; p++) {
      for (let q = p + 1; q < n; q++) turned = orthogonalise(work, right, m, n, p, q) || turned
    }
    if (!turned) break
  }
  return sorted(work, right, m, n)
}

/** Rotates columns `p` and `q` until they are orthogonal; says whether there was anything to do. */
function orthogonalise(work: Float64Array, right: Float64Array, m: number, n: number, p: number, q: number): boolean {
  const x = work.subarray(p * m, (p + 1) * m)
  const y = work.subarray(q * m, (q + 1) * m)
  let xx = 0
  let yy = 0
  let xy = 0
  for (let i = 0; i < m; i++) {
    xx += x[i]! * x[i]!
    yy += y[i]! * y[i]!
    xy += x[i]! * y[i]!
  }
  if (xy === 0 || Math.abs(xy) <= 1e-15 * Math.sqrt(xx * yy)) return false
  const zeta = (yy - xx) / (2 * xy)
  const t = (zeta >= 0 ? 1 : -1) / (Math.abs(zeta) + Math.sqrt(1 + zeta * zeta))
  const c = 1 / Math.sqrt(1 + t * t)
  const s = c * t
  turn(x, y, c, s)
  turn(right.subarray(p * n, (p + 1) * n), right.subarray(q * n, (q + 1) * n), c, s)
  return true
}

function turn(x: Float64Array, y: Float64Array, c: number, s: number): void {
  for (let i = 0; i < x.length; i++) {
    const a = x[i]!
    const b = y[i]!
    x[i] = c * a - s * b
    y[i] = s * a + c * b
  }
}

function sorted(work: Float64Array, right: Float64Array, m: number, n: number): SingularValues {
  const lengths = Float64Array.from({ length: n }, (_, j) => {
    let sum = 0
    for (let i = 0; i < m; i++) sum += work[j * m + i]! ** 2
    return Math.sqrt(sum)
  })
  const order = Array.from(lengths.keys()).sort((i, j) => lengths[j]! - lengths[i]!)
  const u = matrix(m, n)
  const v = matrix(n, n)
  order.forEach((from, to) => {
    const length = lengths[from]!
    for (let i = 0; i < m; i++) u.data[i * n + to] = length > 0 ? work[from * m + i]! / length : 0
    for (let i = 0; i < n; i++) v.data[i * n + to] = right[from * n + i]!
  })
  return { u, values: Float64Array.from(order, (j) => lengths[j]!), v }
}
