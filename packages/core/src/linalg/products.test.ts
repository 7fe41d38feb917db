import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../runtime/index.ts'
import { matrix, transpose } from '../tensor/index.ts'
import { largestDifference, normalMatrix, plainProduct } from '../testing/matrices.ts'
import { squaredDistances } from './distances.ts'
import { multiply } from './products.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

describe('multiply', () => {
  it('agrees with plain loops for all four kinds of operands', async () => {
    const a = normalMatrix(17, 9)
    const b = normalMatrix(9, 23)
    const expected = plainProduct(a, b).data
    for (const [x, y, flags] of [
      [a, b, {}],
      [transpose(a), b, { a: true }],
      [a, transpose(b), { b: true }],
      [transpose(a), transpose(b), { a: true, b: true }],
    ] as const) {
      const product = await multiply(runtime, x, y, flags)
      expect([product.rows, product.columns]).toEqual([17, 23])
      expect(largestDifference(product.data, expected)).toBeLessThan(1e-12)
    }
  })

  it('gives the Gram matrix of the columns', async () => {
    const x = normalMatrix(40, 7)
    expect(
      largestDifference((await multiply(runtime, x, x, { a: true })).data, plainProduct(transpose(x), x).data),
    ).toBeLessThan(1e-12)
  })
})

describe('squaredDistances', () => {
  it('agrees with sums of squared differences and is never negative', async () => {
    const a = normalMatrix(11, 5)
    const b = matrix(12, 5, new Float64Array([...a.data, 1, 2, 3, 4, 5]))
    const distances = await squaredDistances(runtime, a, b)
    for (let i = 0; i < 11; i++) {
      for (let j = 0; j < 12; j++) {
        let sum = 0
        for (let k = 0; k < 5; k++) sum += (a.data[i * 5 + k]! - b.data[j * 5 + k]!) ** 2
        expect(distances.data[i * 12 + j]).toBeCloseTo(sum, 10)
        expect(distances.data[i * 12 + j]).toBeGreaterThanOrEqual(0)
      }
    }
  })
})
