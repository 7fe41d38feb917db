import { InvalidInputError } from '../errors.ts'
import { type Matrix, matrix } from '../tensor/index.ts'

/** Rows and columns worked on at once, and how much of a row: what stays in a core's nearest caches. */
const BLOCK = 48
const DEPTH = 256

/**
 * The Cholesky factor of a symmetric positive definite matrix (`n × n`): the lower triangular `L` with `A = L·Lᵀ`.
 * Only the lower triangle of `a` is read. `n³/3` operations, column block by column block, so that rows are read along
 * their length. Throws `InvalidInputError`, which names the pivot, where `a` is not positive definite.
 */
export function cholesky(a: Matrix): Matrix {
  const n = a.rows
  if (a.columns !== n) throw new InvalidInputError(`a Cholesky factor needs a square matrix, got ${n} × ${a.columns}`)
  const l = matrix(n, n)
  for (let i = 0; i < n; i++) l.data.set(a.data.subarray(i * n, i * n + i + 1), i * n)
  for (let from = 0; from < n; from += BLOCK) {
    const to = Math.min(from + BLOCK, n)
    for (let depth = 0; depth < from; depth += DEPTH) {
      subtractProducts(l.data, n, from, to, depth, Math.min(depth + DEPTH, from))
    }
    for (let i = from; i < n; i++) finishRow(l.data, n, i, from, Math.min(to, i + 1))
  }
  return l
}

/** `L[i, j] −= Σₖ L[i, k]·L[j, k]` for `from <= j < to`, `i >= j`, `k0 <= k < k1`: two rows by four columns at a time. */
function subtractProducts(l: Float64Array, n: number, from: number, to: number, k0: number, k1: number): void {
  for (let j = from; j < to; j += 4) {
    const whole = j + 4 <= to
    let i = j
    if (whole) {
      for (; i + 2 <= n; i += 2) {
        let p0 = 0
        let p1 = 0
        let p2 = 0
        let p3 = 0
        let q0 = 0
        let q1 = 0
        let q2 = 0
        let q3 = 0
        let a = i * n + k0
        let b = j * n + k0
        for (let k = k0; k < k1; k++, a++, b++) {
          const p = l[a]
          const q = l[a + n]
          const c0 = l[b]
          const c1 = l[b + n]
          const c2 = l[b + 2 * n]
          const c3 = l[b + 3 * n]
          p0 += p * c0
          p1 += p * c1
          p2 += p * c2
          p3 += p * c3
          q0 += q * c0
          q1 += q * c1
          q2 += q * c2
          q3 += q * c3
        }
        subtractFour(l, i * n + j, Math.min(4, i - j + 1), p0, p1, p2, p3)
        subtractFour(l, (i + 1) * n + j, Math.min(4, i - j + 2), q0, q1, q2, q3)
      }
    }
    for (; i < n; i++) {
      for (let column = j; column < Math.min(j + 4, to, i + 1); column++) {
        l[i * n + column] -= dot(l, i * n, column * n, k0, k1)
      }
    }
  }
}

/** Subtracts from the first `count` of four neighbours: what lies above the diagonal stays zero. */
function subtractFour(
  l: Float64Array,
  at: number,
  count: number,
  v0: number,
  v1: number,
  v2: number,
  v3: number,
): void {
  l[at] -= v0
  if (count > 1) l[at + 1] -= v1
  if (count > 2) l[at + 2] -= v2
  if (count > 3) l[at + 3] -= v3
}

/** Row `i` of the factor in columns `from … to − 1`, everything before `from` being subtracted already. */
function finishRow(l: Float64Array, n: number, i: number, from: number, to: number): void {
  for (let j = from; j < to; j++) {
    const rest = l[i * n + j] - dot(l, i * n, j * n, from, j)
    if (i !== j) {
      l[i * n + j] = rest / l[j * n + j]
    } else if (rest > 0 && rest < Number.POSITIVE_INFINITY) {
      l[i * n + j] = Math.sqrt(rest)
    } else {
      throw new InvalidInputError(
        `the ${n} × ${n} matrix is not positive definite: pivot ${i + 1} is ${rest}; add a positive number to its diagonal`,
      )
    }
  }
}

function dot(l: Float64Array, a: number, b: number, from: number, to: number): number {
  let sum = 0
  for (let k = from; k < to; k++) sum += l[a + k] * l[b + k]
  return sum
}
