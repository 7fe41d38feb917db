import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../runtime/index.ts'
import { type Matrix, matrix, transpose } from '../tensor/index.ts'
import { largestDifference, normalMatrix, plainProduct, symmetricWith } from '../testing/matrices.ts'
import { chebyshevFilter } from './chebyshev-filter.ts'
import { gramOperator, matrixOperator } from './operators.ts'
import { symmetricEigen } from './symmetric-eigen.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

/** `T_k(x)` by its closed form. */
const chebyshev = (k: number, x: number): number =>
  Math.abs(x) <= 1 ? Math.cos(k * Math.acos(x)) : Math.sign(x) ** k * Math.cosh(k * Math.acosh(Math.abs(x)))

/** `Q T_k(2Λ/cut − 1) Qᵀ V` from all eigenpairs. */
function filteredDensely(a: Matrix, block: Matrix, cut: number, steps: number): Matrix {
  const { values, vectors } = symmetricEigen(a)
  const inner = plainProduct(transpose(vectors), block)
  const scaled = inner.data.map((value, i) => {
    const lambda = values[Math.floor(i / inner.columns)]!
    return value * chebyshev(steps, (2 * lambda) / cut - 1)
  })
  return plainProduct(vectors, matrix(inner.rows, inner.columns, scaled))
}

describe('chebyshevFilter', () => {
  const block = normalMatrix(6, 2)

  it.each([1, 2, 3, 7])('is the polynomial of degree %i of a formed matrix', async (steps) => {
    const a = symmetricWith([5, 3, 2, 1, 0.5, 0])
    const filtered = await chebyshevFilter(runtime, matrixOperator(a))(block, 1.5, steps)
    const expected = filteredDensely(a, block, 1.5, steps)
    expect(largestDifference(filtered.data, expected.data) / Math.max(...expected.data.map(Math.abs))).toBeLessThan(
      1e-12,
    )
  })

  it('is the same of an operator that is never formed', async () => {
    const x = normalMatrix(4, 6)
    const a = plainProduct(transpose(x), x)
    const filtered = await chebyshevFilter(runtime, gramOperator(x))(block, 2, 5)
    const expected = filteredDensely(a, block, 2, 5)
    expect(largestDifference(filtered.data, expected.data) / Math.max(...expected.data.map(Math.abs))).toBeLessThan(
      1e-11,
    )
  })

  it('changes neither the block nor the matrix', async () => {
    const a = symmetricWith([2, 1, 1, 0, 0, 0])
    const copies = structuredClone([a, block])
    await chebyshevFilter(runtime, matrixOperator(a))(block, 1, 3)
    expect([a, block]).toEqual(copies)
  })
})
