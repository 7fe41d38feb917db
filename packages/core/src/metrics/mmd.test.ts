import { afterAll, beforeAll, expect, test } from 'vitest'
import { nodeRuntime, type Runtime } from '../runtime/index.ts'
import { type Matrix, matrix, rowOf, seededRandom, stackRows } from '../tensor/index.ts'
import { mmd } from './mmd.ts'

let runtime: Runtime
beforeAll(async () => {
  runtime = await nodeRuntime()
})
afterAll(() => runtime.release())

const random = seededRandom(5)
const gaussian = (rows: number, columns: number, shift: number): Matrix =>
  matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => random.normal() + shift),
  )

/** The estimate by explicit sums over pairs. */
function explicitMmd(s: Matrix, t: Matrix, bandwidth?: number): number {
  const square = (a: Float64Array, b: Float64Array) => a.reduce((sum, v, j) => sum + (v - b[j]) ** 2, 0)
  const all = stackRows([s, t])
  const distances: number[] = []
  for (let i = 0; i < all.rows; i++) for (let j = 0; j < i; j++) distances.push(square(rowOf(all, i), rowOf(all, j)))
  distances.sort((a, b) => a - b)
  const half = distances.length / 2
  const sigma2 =
    bandwidth === undefined ? (distances[Math.floor(half)] + distances[Math.ceil(half) - 1]) / 2 : bandwidth ** 2
  const mean = (a: Matrix, b: Matrix) => {
    let sum = 0
    for (let i = 0; i < a.rows; i++) {
      for (let j = 0; j < b.rows; j++) sum += Math.exp(-square(rowOf(a, i), rowOf(b, j)) / (2 * sigma2))
    }
    return sum / (a.rows * b.rows)
  }
  return Math.sqrt(mean(s, s) + mean(t, t) - 2 * mean(s, t))
}

test.each([undefined, 0.7])('equals the explicit double sums, bandwidth %s', async (bandwidth) => {
  const source = gaussian(31, 4, 100)
  const target = gaussian(24, 4, 100.4)
  const options = bandwidth === undefined ? {} : { bandwidth }
  const value = await mmd(source, target, { runtime, random: seededRandom(0) }, options)
  expect(value).toBeCloseTo(explicitMmd(source, target, bandwidth), 10)
})

test('grows with the shift, is small for samples of one distribution and 0 for the same rows', async () => {
  const context = { runtime, random: seededRandom(0) }
  const source = gaussian(1500, 10, 0)
  const values = []
  for (const shift of [0, 0.3, 1]) values.push(await mmd(source, gaussian(1200, 10, shift), context))
  expect(values[0]).toBeLessThan(0.05)
  expect(values[1]).toBeGreaterThan(values[0])
  expect(values[2]).toBeGreaterThan(values[1])
  expect(await mmd(source, source, context, { rows: 2000 })).toBeLessThan(1e-7)
})

test('rows that are all alike have no discrepancy; two points have one', async () => {
  const context = { runtime, random: seededRandom(0) }
  const alike = matrix(6, 3, new Float64Array(18).fill(0.1))
  expect(await mmd(alike, alike, context)).toBeLessThan(1e-7)
  const other = matrix(5, 3, new Float64Array(15).fill(0.4))
  expect(await mmd(alike, other, context)).toBeGreaterThan(0.5)
})

test('the same seed samples the same rows, and domains of different width are refused', async () => {
  const source = gaussian(300, 3, 0)
  const target = gaussian(300, 3, 1)
  const run = (seed: number) => mmd(source, target, { runtime, random: seededRandom(seed) }, { rows: 50 })
  expect(await run(1)).toBe(await run(1))
  expect(await run(1)).not.toBe(await run(2))
  await expect(mmd(source, matrix(3, 2), { runtime, random })).rejects.toThrow('got 3 and 2 features')
})
