import { describe, expect, it } from 'vitest'
import { identity, matrix, transpose } from '../tensor/index.ts'
import { largestDifference, normalMatrix, plainProduct } from '../testing/matrices.ts'
import { orthonormalising } from './orthonormalising.ts'

describe('orthonormalising', () => {
  it.each([
    ['well conditioned', 1],
    ['columns of very different lengths', 1e-6],
  ])('makes a basis orthonormal: %s', (_, ratio) => {
    const x = normalMatrix(30, 8)
    for (let i = 0; i < x.data.length; i++) x.data[i]! *= ratio ** (i % 8)
    const s = plainProduct(transpose(x), x)
    const w = orthonormalising(s)
    expect(largestDifference(plainProduct(transpose(w), plainProduct(s, w)).data, identity(8).data)).toBeLessThan(1e-12)
  })

  it('leaves out directions in which the products vanish', () => {
    const x = normalMatrix(3, 6)
    const s = plainProduct(transpose(x), x)
    const w = orthonormalising(s)
    expect(w.columns).toBe(3)
    expect(largestDifference(plainProduct(transpose(w), plainProduct(s, w)).data, identity(3).data)).toBeLessThan(1e-10)
    expect(orthonormalising(matrix(2, 2)).columns).toBe(0)
  })
})
