import { expect, it } from 'vitest'
import { matrix, matrixFromRows } from '../tensor/index.ts'
import { largestDifference, normalMatrix, plainProduct } from '../testing/matrices.ts'
import { smallProduct } from './small-product.ts'

it('smallProduct is the product, of matrices without rows or inner columns too', () => {
  const [a, b] = [normalMatrix(4, 3), normalMatrix(3, 5)]
  expect(largestDifference(smallProduct(a, b).data, plainProduct(a, b).data)).toBeLessThan(1e-14)
  expect(smallProduct(matrixFromRows([[0, 2]]), matrixFromRows([[1], [3]])).data).toEqual(Float64Array.of(6))
  expect(smallProduct(matrix(2, 0), matrix(0, 3))).toEqual(matrix(2, 3))
  expect(smallProduct(matrix(0, 2), matrix(2, 3))).toEqual(matrix(0, 3))
})
