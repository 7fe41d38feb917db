import { afterAll, describe, expect, it } from 'vitest'
import { cholesky, scatter, solveCholesky } from '../../../linalg/index.ts'
import { nodeRuntime } from '../../../runtime/index.ts'
import { type Matrix, matrix, rowOf, seededRandom, transpose } from '../../../tensor/index.ts'
import { largestDifference, normalMatrix, plainProduct } from '../../../testing/matrices.ts'
import { type Denoiser, denoiser, denoiserOfFewRows } from './denoiser.ts'
import { denoiserInParts } from './denoiser-in-parts.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

const fitted = async (x: Matrix, p: number, ridge: number): Promise<Denoiser> => {
  const { mean, products } = await scatter(runtime, x)
  return denoiser(runtime, { mean, scatter: products, rows: x.rows }, p, ridge)
}

/** Rows whose features depend on each other and have means. */
function dependentRows(n: number, d: number): Matrix {
  const x = plainProduct(normalMatrix(n, d, seededRandom(1)), normalMatrix(d, d, seededRandom(2)))
  for (let i = 0; i < x.data.length; i++) x.data[i] = x.data[i]! + (i % d)
  return x
}

/** `Σᵢ E‖x_i − W x̃_i − c‖² + ridge·‖W‖²`, the expectation taken over all `2^d` ways to leave features out. */
function expectedLoss(x: Matrix, { projection, constant }: Denoiser, p: number, ridge: number): number {
  const d = x.columns
  let total = 0
  for (let pattern = 0; pattern < 2 ** d; pattern++) {
    const corrupted = matrix(
      x.rows,
      d,
      x.data.map((value, i) => ((pattern >> (i % d)) & 1 ? 0 : value)),
    )
    const left = [...pattern.toString(2)].filter((bit) => bit === '1').length
    const back = plainProduct(corrupted, projection)
    let loss = 0
    for (let i = 0; i < x.data.length; i++) loss += (x.data[i]! - back.data[i]! - constant[i % d]!) ** 2
    total += p ** left * (1 - p) ** (d - left) * loss
  }
  return total + ridge * projection.data.reduce((sum, value) => sum + value * value, 0)
}

describe('denoiser', () => {
  it.each([0.2, 0.7])('has the least expected loss over all corruptions with probability %d', async (p) => {
    const x = dependentRows(12, 4)
    const best = await fitted(x, p, 0.3)
    const least = expectedLoss(x, best, p, 0.3)
    for (let j = 0; j < 16; j++) {
      for (const step of [-1e-3, 1e-3]) {
        const data = best.projection.data.slice()
        data[j] = data[j]! + step
        expect(expectedLoss(x, { ...best, projection: matrix(4, 4, data) }, p, 0.3)).toBeGreaterThan(least)
        const constant = best.constant.slice()
        constant[j % 4] = constant[j % 4]! + step
        expect(expectedLoss(x, { ...best, constant }, p, 0.3)).toBeGreaterThan(least)
      }
    }
  })

  it.each([
    [9, 30],
    [30, 9],
    [20, 200],
  ])('is the same from the rows themselves, %d rows of %d features', async (n, d) => {
    const x = dependentRows(n, d)
    const [whole, few] = [await fitted(x, 0.4, 1e-3), await denoiserOfFewRows(runtime, x, 0.4, 1e-3)]
    expect(largestDifference(plainProduct(few.left!, few.projection).data, whole.projection.data)).toBeLessThan(1e-9)
    expect(largestDifference(few.constant, whole.constant)).toBeLessThan(1e-8)
  })

  it('is the paper’s P Q⁻¹, the constant being a feature that is never left out', async () => {
    const [p, ridge, d] = [0.6, 1e-5, 7]
    const x = dependentRows(30, d)
    const withOne = matrix(30, d + 1)
    for (let i = 0; i < 30; i++) rowOf(withOne, i).set([...rowOf(x, i), 1])
    const s = plainProduct(transpose(withOne), withOne)
    const q = (j: number) => (j === d ? 1 : 1 - p)
    const [big, right] = [matrix(d + 1, d + 1), matrix(d + 1, d)]
    for (let i = 0; i <= d; i++) {
      for (let j = 0; j <= d; j++) {
        const value = s.data[i * (d + 1) + j]!
        big.data[i * (d + 1) + j] = i === j ? q(i) * value + (i < d ? ridge : 0) : q(i) * q(j) * value
        if (j < d) right.data[i * d + j] = q(i) * value
      }
    }
    const expected = solveCholesky(cholesky(big), right).data
    const { projection, constant } = await fitted(x, p, ridge)
    expect(largestDifference([...projection.data, ...constant], expected)).toBeLessThan(1e-11)
  })
})

describe('a denoiser in parts', () => {
  const settings = { kept: 6, part: 6, corruption: 0.4, regularisation: 1e-3 }
  const x = dependentRows(40, 6)

  it('is the whole one where the only part has all features', async () => {
    const whole = await fitted(x, 0.4, 1e-3)
    const parts = await denoiserInParts(runtime, x, settings, seededRandom(1))
    expect(largestDifference(parts.projection.data, whole.projection.data)).toBeLessThan(1e-11)
    expect(largestDifference(parts.constant, whole.constant)).toBeLessThan(1e-11)
  })

  it('averages what single features say where each part is one feature', async () => {
    const { projection, constant } = await denoiserInParts(runtime, x, { ...settings, part: 1 }, seededRandom(1))
    const sums = new Float64Array(6)
    for (let j = 0; j < 6; j++) {
      const column = matrix(
        40,
        1,
        Float64Array.from({ length: 40 }, (_, i) => x.data[i * 6 + j]!),
      )
      const alone = await fitted(column, 0.4, 1e-3)
      expect(projection.data[j * 6 + j]).toBeCloseTo(alone.projection.data[0]! / 6, 12)
    }
    for (let j = 0; j < 6; j++) {
      // At the mean row every part gives back its share of the mean, the corruption's bias towards 0 being made up for.
      for (let k = 0; k < 6; k++) {
        const mean = x.data.reduce((sum, value, i) => sum + (i % 6 === k ? value / 40 : 0), 0)
        sums[j] = sums[j]! + 0.6 * mean * projection.data[k * 6 + j]!
      }
      const mean = x.data.reduce((sum, value, i) => sum + (i % 6 === j ? value / 40 : 0), 0)
      expect(sums[j]! + constant[j]!).toBeCloseTo(mean, 11)
    }
  })

  it('gives back the most frequent features, those above 0 in most rows', async () => {
    const words = matrix(
      8,
      3,
      Float64Array.from({ length: 24 }, (_, i) => (i % 3 === 1 ? (i < 6 ? 1 : 0) : i % 2 === 0 ? 2 : 1)),
    )
    const { projection } = await denoiserInParts(runtime, words, { ...settings, kept: 2, part: 3 }, seededRandom(1))
    const whole = await fitted(words, 0.4, 1e-3)
    const columns = (m: Matrix, keep: readonly number[]) =>
      [0, 1, 2].flatMap((i) => keep.map((j) => m.data[i * m.columns + j]!))
    expect(largestDifference(projection.data, columns(whole.projection, [0, 2]))).toBeLessThan(1e-11)
  })
})
