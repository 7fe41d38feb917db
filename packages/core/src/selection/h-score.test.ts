import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { nodeRuntime, type Runtime } from '../runtime/index.ts'
import { matrix, matrixFromRows, seededRandom } from '../tensor/index.ts'
import { normalMatrix, plainProduct } from '../testing/matrices.ts'
import { hScore } from './h-score.ts'
import { shrunkHScore } from './shrunk-h-score.ts'

let runtime: Runtime
beforeAll(async () => {
  runtime = await nodeRuntime()
})
afterAll(() => runtime.release())

test('of one feature is the share of its variance that lies between classes', async () => {
  const features = matrix(5, 1, Float64Array.of(1, 2, 3, 7, 9))
  // Mean 4.4; class means 2 and 8.
  const between = 3 * 2.4 ** 2 + 2 * 3.6 ** 2
  const total = 3.4 ** 2 + 2.4 ** 2 + 1.4 ** 2 + 2.6 ** 2 + 4.6 ** 2
  const labels = Int32Array.of(0, 0, 0, 1, 1)
  expect(await hScore(runtime, features, labels)).toBeCloseTo(between / total, 12)
  expect(await shrunkHScore(runtime, features, labels)).toBeCloseTo(between / total, 12)
})

test('adds up over features that are uncorrelated', async () => {
  const features = matrixFromRows([[1, 1], [1, -1], [-1, 1], [-1, -1]]) // biome-ignore format: a square
  expect(await hScore(runtime, features, Int32Array.of(0, 0, 1, 1))).toBeCloseTo(1, 12)
  expect(await hScore(runtime, features, Int32Array.of(0, 1, 2, 3))).toBeCloseTo(2, 12)
})

test('is all there can be when rows are no more than features, where the shrunk form still tells', async () => {
  const labels = Int32Array.of(0, 0, 1, 1, 2, 2)
  const noise = normalMatrix(6, 20, seededRandom(4))
  const apart = matrix(
    6,
    20,
    noise.data.map((value, i) => value + (i % 20 === labels[Math.floor(i / 20)] ? 9 : 0)),
  )
  expect(await hScore(runtime, noise, labels)).toBeCloseTo(2, 9)
  expect(await hScore(runtime, apart, labels)).toBeCloseTo(2, 9)
  expect(await shrunkHScore(runtime, apart, labels)).toBeGreaterThan(1.2 * (await shrunkHScore(runtime, noise, labels)))
})

test('no invertible linear map of the features changes the plain form', async () => {
  const entry = fc.double({ min: -2, max: 2, noNaN: true })
  const labels = Int32Array.from({ length: 18 }, (_, i) => i % 3)
  const features = normalMatrix(18, 3)
  const expected = await hScore(runtime, features, labels)
  await fc.assert(
    fc.asyncProperty(fc.array(entry, { minLength: 9, maxLength: 9 }), entry, async (entries, shift) => {
      const map = matrix(
        3,
        3,
        Float64Array.from(entries, (value, i) => value + (i % 4 === 0 ? 7 : 0)),
      )
      const mapped = plainProduct(features, map).data.map((value) => value + shift)
      expect(await hScore(runtime, matrix(18, 3, mapped), labels)).toBeCloseTo(expected, 9)
    }),
    { numRuns: 40 },
  )
})

test('shrinkage 0 is the plain form, 1 leaves nothing, and a number out of range is refused', async () => {
  const features = normalMatrix(15, 4)
  const labels = Int32Array.from({ length: 15 }, (_, i) => i % 2)
  expect(await shrunkHScore(runtime, features, labels, 0)).toBeCloseTo(await hScore(runtime, features, labels), 12)
  expect(await shrunkHScore(runtime, features, labels, 1)).toBe(0)
  await expect(shrunkHScore(runtime, features, labels, 1.5)).rejects.toThrow(/from 0 to 1, got 1.5/)
})
