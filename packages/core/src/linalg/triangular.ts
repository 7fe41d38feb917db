import { InvalidInputError } from '../errors.ts'
import { type Matrix, matrix } from '../tensor/index.ts'

/** Right-hand sides worked on at once. */
const COLUMNS = 256

/** Solves `L·X = B` by forward substitution: `l` lower triangular (`n × n`), `b` and the result `n × m`. */
export function solveLower(l: Matrix, b: Matrix): Matrix {
  const x = rightHandSide(l, b)
  const n = l.rows
  for (let from = 0; from < x.columns; from += COLUMNS) {
    const to = Math.min(from + COLUMNS, x.columns)
    for (let i = 0; i < n; i++) {
      subtractRows(x, i, 0, i, from, to, l.data, i * n, 1)
      divideRow(x, i, from, to, l.data[i * n + i])
    }
  }
  return x
}

/** Solves `Lᵀ·X = B` by backward substitution, given the *lower* factor `l` (`n × n`); `b` and the result `n × m`. */
export function solveUpper(l: Matrix, b: Matrix): Matrix {
  const x = rightHandSide(l, b)
  const n = l.rows
  for (let from = 0; from < x.columns; from += COLUMNS) {
    const to = Math.min(from + COLUMNS, x.columns)
    for (let i = n - 1; i >= 0; i--) {
      subtractRows(x, i, i + 1, n, from, to, l.data, i, n)
      divideRow(x, i, from, to, l.data[i * n + i])
    }
  }
  return x
}

/** Solves `A·X = B` given the Cholesky factor `l` of `A` (`A = L·Lᵀ`); `b` and the result `n × m`. */
export const solveCholesky = (l: Matrix, b: Matrix): Matrix => solveUpper(l, solveLower(l, b))

function rightHandSide(l: Matrix, b: Matrix): Matrix {
  if (l.rows !== l.columns || l.rows !== b.rows) {
    throw new InvalidInputError(
      `a triangular system needs an n × n factor and an n × m right-hand side, got ${l.rows} × ${l.columns} and ${b.rows} × ${b.columns}`,
    )
  }
  return matrix(b.rows, b.columns, b.data.slice())
}

/** `x[i, :] −= Σₖ factor[start + k·stride]·x[k, :]` over `k0 <= k < k1` and columns `from … to − 1`, four `k` at a time. */
function subtractRows(
  x: Matrix,
  i: number,
  k0: number,
  k1: number,
  from: number,
  to: number,
  factor: Float64Array,
  start: number,
  stride: number,
): void {
  const { data, columns: m } = x
  const row = i * m
  let k = k0
  for (; k + 4 <= k1; k += 4) {
    const f0 = factor[start + k * stride]
    const f1 = factor[start + (k + 1) * stride]
    const f2 = factor[start + (k + 2) * stride]
    const f3 = factor[start + (k + 3) * stride]
    const at = k * m
    for (let c = from; c < to; c++) {
      data[row + c] -= f0 * data[at + c] + f1 * data[at + m + c] + f2 * data[at + 2 * m + c] + f3 * data[at + 3 * m + c]
    }
  }
  for (; k < k1; k++) {
    const f = factor[start + k * stride]
    for (let c = from; c < to; c++) data[row + c] -= f * data[k * m + c]
  }
}

function divideRow(x: Matrix, i: number, from: number, to: number, divisor: number): void {
  for (let c = i * x.columns + from; c < i * x.columns + to; c++) x.data[c] /= divisor
}
