import { describe, expect, it } from 'vitest'
import { matrix, transpose } from '../tensor/index.ts'
import { largestDifference, normalMatrix, plainProduct } from '../testing/matrices.ts'
import { svd } from './svd.ts'

describe('svd', () => {
  it.each([
    [6, 6],
    [20, 5],
    [5, 20],
    [1, 4],
    [3, 1],
  ])('takes a %i × %i matrix apart and together again', (rows, columns) => {
    const a = normalMatrix(rows, columns)
    const { u, values, v } = svd(a)
    const r = Math.min(rows, columns)
    expect([u.columns, values.length, v.columns]).toEqual([r, r, r])
    const scaled = matrix(
      u.rows,
      r,
      u.data.map((value, i) => value * values[i % r]!),
    )
    expect(largestDifference(plainProduct(scaled, transpose(v)).data, a.data)).toBeLessThan(1e-13)
    for (const basis of [u, v]) {
      const eye = plainProduct(transpose(basis), basis)
      for (let i = 0; i < r * r; i++) expect(eye.data[i]).toBeCloseTo(i % (r + 1) === 0 ? 1 : 0, 12)
    }
    expect([...values]).toEqual([...values].sort((x, y) => y - x))
  })

  it('finds small singular values to their own last digits', () => {
    const { values } = svd(matrix(2, 2, Float64Array.of(1, 1, 0, 1e-10)))
    expect(values[1]! / (1e-10 / Math.SQRT2)).toBeCloseTo(1, 12)
  })
})
