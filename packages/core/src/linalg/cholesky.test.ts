import { expect, test } from 'vitest'
import { InvalidInputError } from '../errors.ts'
import { identity, type Matrix, matrix, matrixFromRows, seededRandom } from '../tensor/index.ts'
import { cholesky } from './cholesky.ts'

/** `G·Gᵀ + shift·I` for a random `G`. */
function positiveDefinite(n: number, shift: number): Matrix {
  const random = seededRandom(n)
  const g = Array.from({ length: n }, () => Float64Array.from({ length: n }, () => random.normal()))
  const a = matrixFromRows(g.map((x) => g.map((y) => x.reduce((sum, v, k) => sum + v * y[k], 0))))
  for (let i = 0; i < n; i++) a.data[i * n + i] += shift
  return a
}

test('the factor of a matrix known by hand', () => {
  const a = matrixFromRows([
    [4, 12, -16],
    [12, 37, -43],
    [-16, -43, 98],
  ])
  expect([...cholesky(a).data]).toEqual([2, 0, 0, 6, 1, 0, -8, 5, 3])
})

test.each([1, 3, 47, 48, 49, 101, 310])('L·Lᵀ gives the matrix back, n = %i', (n) => {
  const a = positiveDefinite(n, 1)
  const copy = a.data.slice()
  const l = cholesky(a)
  expect(a.data).toEqual(copy)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      if (j > i) expect(l.data[i * n + j]).toBe(0)
      let sum = 0
      for (let k = 0; k < n; k++) sum += l.data[i * n + k] * l.data[j * n + k]
      expect(Math.abs(sum - a.data[i * n + j])).toBeLessThan(1e-11 * n)
    }
  }
})

test('the lower triangle alone is read', () => {
  const a = matrixFromRows([
    [4, Number.NaN],
    [2, 5],
  ])
  expect([...cholesky(a).data]).toEqual([2, 0, 1, 2])
})

test('a matrix that is not positive definite is refused, with the pivot', () => {
  const a = identity(60)
  a.data[50 * 60 + 50] = -2
  expect(() => cholesky(a)).toThrow(InvalidInputError)
  expect(() => cholesky(a)).toThrow('pivot 51 is -2')
  expect(() => cholesky(matrix(2, 2))).toThrow('pivot 1 is 0')
  expect(() => cholesky(matrixFromRows([[Number.NaN]]))).toThrow('pivot 1 is NaN')
})

test('a matrix that is not square is refused', () => {
  expect(() => cholesky(matrix(2, 3))).toThrow('square matrix, got 2 × 3')
})
