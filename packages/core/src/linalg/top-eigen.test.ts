import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../runtime/index.ts'
import { matrix, takeColumns, transpose } from '../tensor/index.ts'
import { largestDifference, normalMatrix, plainProduct, symmetricWith } from '../testing/matrices.ts'
import { gramOperator, matrixOperator } from './operators.ts'
import { multiply } from './products.ts'
import { symmetricEigen } from './symmetric-eigen.ts'
import { topEigenpairs } from './top-eigen.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

describe('topEigenpairs', () => {
  it.each([
    ['slowly falling', (i: number) => 100 / (1 + 0.02 * i)],
    ['steeply falling', (i: number) => 1e6 * 0.6 ** i],
    ['flat', () => 3],
  ])('agrees with all eigenpairs of a %s spectrum', async (_, spectrum) => {
    const a = symmetricWith(Array.from({ length: 150 }, (_, i) => spectrum(i)))
    const all = symmetricEigen(a)
    const top = await topEigenpairs(runtime, matrixOperator(a), 12)
    expect(largestDifference(top.values, all.values.subarray(0, 12)) / all.values[0]!).toBeLessThan(1e-12)
    const products = plainProduct(transpose(top.vectors), top.vectors)
    expect(largestDifference(products.data, symmetricWith(Array(12).fill(1)).data)).toBeLessThan(1e-10)
    const images = plainProduct(a, top.vectors)
    const scaled = top.vectors.data.map((value, i) => value * top.values[i % 12]!)
    expect(largestDifference(images.data, scaled) / all.values[0]!).toBeLessThan(1e-8)
  })

  it('works on the Gram operator of a wide sample without forming the product', async () => {
    const x = normalMatrix(20, 300)
    const top = await topEigenpairs(runtime, gramOperator(x), 5)
    const all = symmetricEigen(await multiply(runtime, x, x, { b: true }))
    expect(largestDifference(top.values, all.values.subarray(0, 5)) / all.values[0]!).toBeLessThan(1e-12)
  })

  it('gives as many pairs as there are, at least one', async () => {
    const top = await topEigenpairs(runtime, gramOperator(normalMatrix(4, 200)), 10)
    expect(top.values.length).toBeGreaterThanOrEqual(4)
    expect(top.values[3]!).toBeGreaterThan(1)
    expect(Math.max(0, ...top.values.subarray(4).map(Math.abs))).toBeLessThan(1e-9)
    for (const n of [3, 200]) {
      const none = await topEigenpairs(runtime, matrixOperator(matrix(n, n)), 3)
      expect(none.values[0]).toBe(0)
      expect(none.vectors.data.every(Number.isFinite)).toBe(true)
    }
  })

  it('solves the problem in a metric, also a singular one', async () => {
    for (const rows of [400, 30]) {
      const x = normalMatrix(rows, 120)
      const metric = await multiply(runtime, x, x, { a: true })
      // M = B is self-adjoint in G where GB is symmetric: with B = G that is G².
      const top = await topEigenpairs(runtime, matrixOperator(metric), 6, { metric })
      const all = symmetricEigen(metric)
      expect(largestDifference(top.values, all.values.subarray(0, 6)) / all.values[0]!).toBeLessThan(1e-11)
      const weighted = plainProduct(transpose(top.vectors), plainProduct(metric, top.vectors))
      expect(largestDifference(weighted.data, symmetricWith(Array(6).fill(1)).data)).toBeLessThan(1e-8)
    }
  })

  it('is the same to the last bit each time, and quicker from a close start to the same end', async () => {
    const a = symmetricWith(Array.from({ length: 130 }, (_, i) => 50 / (1 + i)))
    const first = await topEigenpairs(runtime, matrixOperator(a), 8)
    expect(await topEigenpairs(runtime, matrixOperator(a), 8)).toEqual(first)
    const warm = await topEigenpairs(runtime, matrixOperator(a), 8, { start: first.block })
    expect(largestDifference(warm.values, first.values)).toBeLessThan(1e-12)
    expect(takeColumns(warm.block, 0, 8)).toEqual(warm.vectors)
  })
})
