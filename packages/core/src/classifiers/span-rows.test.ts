import { afterAll, expect, it } from 'vitest'
import { multiply } from '../linalg/index.ts'
import { nodeRuntime } from '../runtime/index.ts'
import { matrix, rowOf, seededRandom } from '../tensor/index.ts'
import { largestDifference } from '../testing/matrices.ts'
import { spanRows } from './span-rows.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

function draw(rows: number, columns: number, seed: number) {
  const random = seededRandom(seed)
  return matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => 5 + random.normal()),
  )
}

it('keeps inner products, among rows and with weights, of rows two of which are equal', async () => {
  const x = draw(7, 30, 1)
  rowOf(x, 6).set(rowOf(x, 2))
  const centre = draw(1, 30, 2).data
  const around = matrix(
    7,
    30,
    x.data.map((value, at) => value - centre[at % 30]!),
  )
  const span = (await spanRows(runtime, x, centre))!
  expect([span.rows.rows, span.rows.columns]).toEqual([7, 6])
  const gram = await multiply(runtime, around, around, { b: true })
  expect(largestDifference(gram.data, (await multiply(runtime, span.rows, span.rows, { b: true })).data)).toBeLessThan(
    1e-11,
  )
  const found = draw(6, 4, 3)
  const weights = await span.weights(found)
  const decisions = (await multiply(runtime, span.rows, found)).data
  expect(largestDifference((await multiply(runtime, around, weights)).data, decisions)).toBeLessThan(1e-11)
  const lengths = await multiply(runtime, weights, weights, { a: true })
  expect(largestDifference(lengths.data, (await multiply(runtime, found, found, { a: true })).data)).toBeLessThan(1e-10)
})

it('leaves many rows, and few columns, as they are', async () => {
  expect(await spanRows(runtime, draw(5, 5, 1), new Float64Array(5))).toBeUndefined()
  expect(await spanRows(runtime, draw(401, 450, 1), new Float64Array(450))).toBeUndefined()
})
