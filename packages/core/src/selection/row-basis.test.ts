import { afterAll, beforeAll, expect, test } from 'vitest'
import { nodeRuntime, type Runtime } from '../runtime/index.ts'
import { identity, type Matrix, matrix, seededRandom, transpose } from '../tensor/index.ts'
import { largestDifference, normalMatrix, plainProduct } from '../testing/matrices.ts'
import { centredRows } from './centred-rows.ts'
import { rowBasis } from './row-basis.ts'

let runtime: Runtime
beforeAll(async () => {
  runtime = await nodeRuntime()
})
afterAll(() => runtime.release())

/** `U diag(σ²) Uᵀ`, which must be `X Xᵀ`. */
function rebuilt({ u, squares }: { u: Matrix; squares: Float64Array }): Matrix {
  const scaled = matrix(
    u.rows,
    u.columns,
    u.data.map((value, i) => value * squares[i % squares.length]),
  )
  return plainProduct(scaled, transpose(u))
}

test.each([
  [12, 5],
  [5, 12],
  [6, 6],
])('is orthonormal and gives back the products of %i rows of %i features', async (n, d) => {
  const x = normalMatrix(n, d)
  const basis = await rowBasis(runtime, x)
  expect(basis.squares).toHaveLength(Math.min(n, d))
  expect(largestDifference(plainProduct(transpose(basis.u), basis.u).data, identity(Math.min(n, d)).data)).toBeLessThan(
    1e-12,
  )
  expect(largestDifference(rebuilt(basis).data, plainProduct(x, transpose(x)).data)).toBeLessThan(1e-12)
})

test('stays orthonormal where singular values differ by five orders, and drops what is rounding', async () => {
  const x = normalMatrix(40, 6, seededRandom(3))
  const scales = [1, 1e-1, 1e-2, 1e-4, 1e-5, 1e-9]
  x.data.forEach((value, i) => {
    x.data[i] = value * scales[i % 6]
  })
  const { u, squares } = await rowBasis(runtime, x)
  expect(squares).toHaveLength(5)
  expect(largestDifference(plainProduct(transpose(u), u).data, identity(5).data)).toBeLessThan(1e-10)
})

test('of zeros there is no direction', async () => {
  for (const [n, d] of [
    [4, 2],
    [2, 4],
  ]) {
    const { u, squares } = await rowBasis(runtime, matrix(n, d))
    expect([u.rows, u.columns, squares.length]).toEqual([n, 0, 0])
  }
})

test('centred columns have mean 0, and constant ones are exactly 0 although 0.1 has no exact mean', () => {
  const x = matrix(3, 2, Float64Array.of(0.1, 1e9 + 1, 0.1, 1e9 + 2, 0.1, 1e9 + 6))
  expect([...centredRows(x).data]).toEqual([0, -2, 0, -1, 0, 3])
})
