import { afterAll, beforeAll, expect, test } from 'vitest'
import { nodeRuntime, type Runtime } from '../runtime/index.ts'
import { type Matrix, matrix, seededRandom } from '../tensor/index.ts'
import { proxyADistance } from './proxy-a-distance.ts'

let runtime: Runtime
beforeAll(async () => {
  runtime = await nodeRuntime()
})
afterAll(() => runtime.release())

const random = seededRandom(8)
const gaussian = (rows: number, shift: number, scale = 1): Matrix =>
  matrix(
    rows,
    6,
    Float64Array.from({ length: rows * 6 }, () => scale * (random.normal() + shift)),
  )
const distance = (a: Matrix, b: Matrix, seed = 0) => proxyADistance(a, b, { runtime, random: seededRandom(seed) })

test('near 0 for one distribution, 2 for separate ones, between for those that overlap', async () => {
  const source = gaussian(1400, 0)
  expect(await distance(source, gaussian(900, 0))).toBeLessThan(0.2)
  expect(await distance(source, gaussian(900, 5))).toBe(2)
  const overlapping = await distance(source, gaussian(900, 0.4))
  // Two normal distributions √6·0.4 apart: ε = Φ(−0.49) = 0.312.
  expect(overlapping).toBeGreaterThan(0.55)
  expect(overlapping).toBeLessThan(0.95)
})

test('does not depend on the scale of the features', async () => {
  expect(await distance(gaussian(300, 0, 1e-4), gaussian(300, 5, 1e-4))).toBe(2)
})

test('works with constant features, few rows and the same seed again', async () => {
  const constant = matrix(5, 2, new Float64Array(10).fill(0.1))
  expect(await distance(constant, constant)).toBe(0)
  const source = gaussian(100, 0)
  const target = gaussian(80, 0.5)
  expect(await distance(source, target, 4)).toBe(await distance(source, target, 4))
  await expect(distance(source, gaussian(1, 0))).rejects.toThrow('at least 2 rows of each')
})
