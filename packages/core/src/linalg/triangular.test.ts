import { expect, test } from 'vitest'
import { type Matrix, matrix, seededRandom } from '../tensor/index.ts'
import { solveCholesky, solveLower, solveUpper } from './triangular.ts'

const n = 37
const columns = [1, 3, 300]

function lowerTriangle(): Matrix {
  const random = seededRandom(1)
  const l = matrix(n, n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < i; j++) l.data[i * n + j] = random.normal() / 4
    l.data[i * n + i] = 1 + random.uniform()
  }
  return l
}

function randomMatrix(rows: number, m: number): Matrix {
  const random = seededRandom(2)
  return matrix(
    rows,
    m,
    Float64Array.from({ length: rows * m }, () => random.normal()),
  )
}

/** `L·X`, or `Lᵀ·X`. */
function times(l: Matrix, x: Matrix, transposed: boolean): Matrix {
  const result = matrix(n, x.columns)
  for (let i = 0; i < n; i++) {
    for (let k = 0; k < n; k++) {
      const factor = transposed ? l.data[k * n + i] : l.data[i * n + k]
      for (let c = 0; c < x.columns; c++) result.data[i * x.columns + c] += factor * x.data[k * x.columns + c]
    }
  }
  return result
}

function expectClose(actual: Matrix, expected: Matrix): void {
  const difference = actual.data.reduce((worst, value, i) => Math.max(worst, Math.abs(value - expected.data[i])), 0)
  expect(difference).toBeLessThan(1e-10)
}

test.each(columns)('forward and backward substitution undo the products, %i right-hand sides', (m) => {
  const l = lowerTriangle()
  const x = randomMatrix(n, m)
  expectClose(solveLower(l, times(l, x, false)), x)
  expectClose(solveUpper(l, times(l, x, true)), x)
  expectClose(solveCholesky(l, times(l, times(l, x, true), false)), x)
})

test('the right-hand side is not changed, and its size is checked', () => {
  const b = randomMatrix(n, 2)
  const copy = b.data.slice()
  solveCholesky(lowerTriangle(), b)
  expect(b.data).toEqual(copy)
  expect(() => solveLower(lowerTriangle(), matrix(3, 1))).toThrow('got 37 × 37 and 3 × 1')
})
