import { afterAll, beforeAll, expect, test } from 'vitest'
import { nodeRuntime, type Runtime } from '../runtime/index.ts'
import { matrix, matrixFromRows, seededRandom } from '../tensor/index.ts'
import { normalMatrix } from '../testing/matrices.ts'
import { logme, logmeOfValues } from './logme.ts'

let runtime: Runtime
beforeAll(async () => {
  runtime = await nodeRuntime()
})
afterAll(() => runtime.release())

test('has the closed form of one feature that is 1 for one class and 0 for the other', async () => {
  // Class 0 has 3 rows of 8. Its membership is the feature: no noise is left, and float64 bounds the evidence. Class 1's
  // is orthogonal to it: all noise.
  const features = matrix(8, 1, Float64Array.of(2, 2, 2, 0, 0, 0, 0, 0))
  const noise = (-8 * (Math.log((2 * Math.PI * 5) / 8) + 1)) / 2
  const values = matrix(8, 1, Float64Array.of(0, 0, 0, 1, 1, 1, 1, 1))
  expect(await logmeOfValues(runtime, features, values)).toBeCloseTo(noise / 8, 10)
  expect(await logme(runtime, features, Int32Array.of(0, 0, 0, 1, 1, 1, 1, 1))).toBeGreaterThan(5)
})

test('is the evidence of pure noise where the features are all 0', async () => {
  const score = await logmeOfValues(runtime, matrix(4, 3), matrix(4, 1, Float64Array.of(1, -1, 2, 0)))
  expect(score).toBeCloseTo(-(Math.log((2 * Math.PI * 6) / 4) + 1) / 2, 12)
})

test('averages over targets: each class counts alike, and classes without rows not at all', async () => {
  const features = normalMatrix(20, 4)
  const labels = Int32Array.from({ length: 20 }, (_, i) => (i < 12 ? 0 : i < 17 ? 2 : 5))
  const membership = (c: number) =>
    matrix(
      20,
      1,
      Float64Array.from(labels, (label) => (label === c ? 1 : 0)),
    )
  const parts = await Promise.all([0, 2, 5].map((c) => logmeOfValues(runtime, features, membership(c))))
  expect(await logme(runtime, features, labels)).toBeCloseTo((parts[0] + parts[1] + parts[2]) / 3, 12)
})

test('is higher the more of the values is linear in the features', async () => {
  const random = seededRandom(8)
  const features = normalMatrix(60, 5, random)
  const noise = Float64Array.from({ length: 60 }, random.normal)
  const scores: number[] = []
  for (const share of [0, 0.5, 0.9, 0.99]) {
    const values = noise.map((value, i) => share * features.data[5 * i] + Math.sqrt(1 - share ** 2) * value)
    scores.push(await logmeOfValues(runtime, features, matrix(60, 1, values)))
  }
  expect(scores).toEqual([...scores].sort((a, b) => a - b))
})

test('refuses what has no evidence', async () => {
  const features = matrixFromRows([[1], [2]])
  await expect(logmeOfValues(runtime, features, matrix(2, 1))).rejects.toThrow(/column 1: .*all 0/)
  await expect(logmeOfValues(runtime, features, matrix(3, 1))).rejects.toThrow(/2 rows and values of 3/)
  const broken = matrixFromRows([[1], [Number.POSITIVE_INFINITY]])
  await expect(logmeOfValues(runtime, broken, matrix(2, 1))).rejects.toThrow(/row 2, column 1: features must be finite/)
})
