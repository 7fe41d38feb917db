import { describe, expect, it } from 'vitest'
import { seededRandom } from '../tensor/index.ts'
import { largestDifference, normalMatrix, plainProduct } from '../testing/matrices.ts'
import { addProduct, transposed } from './matrix-product.ts'

describe('addProduct', () => {
  it('adds the product of three plain loops, for every remainder of rows, inner length and blocks of columns', () => {
    const random = seededRandom(1)
    for (const m of [1, 2, 3, 4]) {
      for (const k of [0, 1, 3, 4, 5, 8]) {
        for (const n of [1, 2, 511, 512, 513]) {
          const [a, b, sum] = [normalMatrix(m, k, random), normalMatrix(k, n, random), normalMatrix(m, n, random)]
          const expected = plainProduct(a, b).data.map((x, i) => x + sum.data[i])
          addProduct({ data: sum.data, start: 0 }, { data: a.data, start: 0 }, { data: b.data, start: 0 }, m, k, n)
          expect(largestDifference(sum.data, expected)).toBeLessThan(1e-12)
        }
      }
    }
  })

  it('touches its own block only', () => {
    const ones = new Float64Array(20).fill(1)
    for (const n of [1, 2]) {
      const sum = new Float64Array(20)
      addProduct({ data: sum, start: 3 }, { data: ones, start: 5 }, { data: ones, start: 2 }, 3, 2, n)
      expect(sum).toEqual(Float64Array.from({ length: 20 }, (_, i) => (i >= 3 && i < 3 + 3 * n ? 2 : 0)))
    }
  })
})

describe('transposed', () => {
  it('swaps rows and columns', () => {
    const data = Float64Array.of(9, 1, 2, 3, 4, 5, 6)
    expect(transposed({ data, start: 1 }, 2, 3)).toEqual(Float64Array.of(1, 4, 2, 5, 3, 6))
  })
})
