import { afterAll, beforeAll, expect, test } from 'vitest'
import { nodeRuntime, type Runtime } from '../runtime/index.ts'
import { matrix, matrixFromRows } from '../tensor/index.ts'
import { normalMatrix } from '../testing/matrices.ts'
import { codingRate } from './coding-rate.ts'
import { transRate } from './transrate.ts'

let runtime: Runtime
beforeAll(async () => {
  runtime = await nodeRuntime()
})
afterAll(() => runtime.release())

test('the coding rate of uncorrelated columns is a sum of logarithms, whichever side is smaller', async () => {
  const tall = matrixFromRows([[3, 0], [0, 2], [-3, 0]]) // biome-ignore format: one case
  const rate = (Math.log(1 + 18 / (3 * 0.1)) + Math.log(1 + 4 / (3 * 0.1))) / 2
  expect(await codingRate(runtime, tall, 0.1)).toBeCloseTo(rate, 12)
  const wide = matrixFromRows([[3, 0, 0, 0], [0, 2, 0, 0], [-3, 0, 0, 0]]) // biome-ignore format: one case
  expect(await codingRate(runtime, wide, 0.1)).toBeCloseTo(rate, 12)
})

test('has the closed form of one feature', async () => {
  const features = matrix(4, 1, Float64Array.of(1, 3, 5, 7))
  const half = (value: number) => Math.log(1 + value) / 2
  // Less their mean 4: −3, −1 | 1, 3.
  const expected = half(20 / (4 * 0.5)) - (half(10 / (2 * 0.5)) + half(10 / (2 * 0.5))) / 2
  const labels = Int32Array.of(0, 0, 1, 1)
  expect(await transRate(runtime, features, labels, { epsilon: 0.5, scaled: false })).toBeCloseTo(expected, 12)
  const scaled = half(1 / (4 * 1e-4)) - half(0.5 / (2 * 1e-4))
  expect(await transRate(runtime, features, labels)).toBeCloseTo(scaled, 12)
})

test('is higher where classes lie in directions of their own', async () => {
  const labels = Int32Array.from({ length: 30 }, (_, i) => i % 3)
  const noise = normalMatrix(30, 6)
  const apart = matrix(
    30,
    6,
    noise.data.map((value, i) => value + (i % 6 === labels[Math.floor(i / 6)] ? 6 : 0)),
  )
  expect(await transRate(runtime, apart, labels)).toBeGreaterThan(await transRate(runtime, noise, labels))
})

test('refuses a distortion that is none', async () => {
  await expect(transRate(runtime, normalMatrix(4, 2), Int32Array.of(0, 1, 0, 1), { epsilon: 0 })).rejects.toThrow(
    /positive number, got 0/,
  )
})
