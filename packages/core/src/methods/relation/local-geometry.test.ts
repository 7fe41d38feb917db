import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../runtime/index.ts'
import { type Matrix, matrix, rowOf, seededRandom } from '../../tensor/index.ts'
import { largestDifference, normalMatrix } from '../../testing/matrices.ts'
import { localPatterns, patternDistances } from './local-geometry.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

const distance = (x: Matrix, i: number, j: number): number =>
  Math.hypot(...rowOf(x, i).map((value, c) => value - rowOf(x, j)[c]!))

/** A row and its `k` nearest, by sorting. */
const members = (x: Matrix, i: number, k: number): number[] =>
  [...Array(x.rows).keys()].sort((a, b) => distance(x, i, a) - distance(x, i, b)).slice(0, k + 1)

const ordersOf = (items: readonly number[]): number[][] =>
  items.length === 0
    ? [[]]
    : items.flatMap((item) => ordersOf(items.filter((other) => other !== item)).map((rest) => [item, ...rest]))

/** The paper's distance of two patterns, matrices and all orders written out. */
function plainDistance(x: Matrix, i: number, y: Matrix, j: number, k: number, relative: boolean): number {
  const square = (z: Matrix, order: readonly number[]): number[] =>
    order.flatMap((a) => order.map((b) => distance(z, a, b)))
  const dot = (a: readonly number[], b: readonly number[]): number =>
    a.reduce((sum, value, at) => sum + value * b[at]!, 0)
  const apart = (a: readonly number[], b: readonly number[]): number => {
    const factor = dot(a, b) / dot(b, b)
    const left = Math.hypot(...a.map((value, at) => value - factor * b[at]!))
    return relative ? left / Math.sqrt(dot(a, a)) : left
  }
  const own = square(x, members(x, i, k))
  const [centre, ...others] = members(y, j, k)
  return Math.min(
    ...ordersOf(others).flatMap((order) => {
      const turned = square(y, [centre!, ...order])
      return [apart(turned, own), apart(own, turned)]
    }),
  )
}

describe('patterns of local geometry', () => {
  it.each([
    [1, true],
    [2, false],
    [3, true],
    [4, false],
  ])(
    'are as far from each other as the best order and scale leaves them: %d rows, relative %s',
    async (k, relative) => {
      const [x, y] = [normalMatrix(9, 3, seededRandom(1)), normalMatrix(7, 5, seededRandom(2))]
      const found = await patternDistances(
        runtime,
        await localPatterns(runtime, x, k),
        await localPatterns(runtime, y, k),
        relative,
      )
      const expected = Array.from({ length: 63 }, (_, at) =>
        plainDistance(x, Math.floor(at / 7), y, at % 7, k, relative),
      )
      expect(largestDifference(found.data, expected)).toBeLessThan(1e-7)
    },
  )

  it('are the same where rows are turned and scaled, and not elsewhere', async () => {
    const x = normalMatrix(30, 2)
    const [cosine, sine] = [Math.cos(1), Math.sin(1)]
    const turned = matrix(30, 2)
    for (let i = 0; i < 30; i++) {
      const [a, b] = rowOf(x, i)
      rowOf(turned, i).set([7 * (a! * cosine - b! * sine), 7 * (a! * sine + b! * cosine)])
    }
    const { data } = await patternDistances(
      runtime,
      await localPatterns(runtime, x, 5),
      await localPatterns(runtime, turned, 5),
      true,
    )
    for (let i = 0; i < 30; i++) {
      const row = data.subarray(i * 30, (i + 1) * 30)
      expect(row[i]).toBeLessThan(1e-6)
      expect(row.filter((value) => value < 0.02)).toHaveLength(1)
    }
  })

  it('are far from those of rows in one place', async () => {
    const place = await localPatterns(runtime, matrix(4, 2), 2)
    const line = await localPatterns(runtime, matrix(3, 1, Float64Array.of(0, 1, 2)), 2)
    expect([...(await patternDistances(runtime, place, line, true)).data]).toEqual(new Array(12).fill(1))
    // 0, 1, 2 have the distances 1, 1 and 2, each twice in the matrix.
    for (const far of (await patternDistances(runtime, place, line, false)).data)
      expect(far).toBeCloseTo(Math.sqrt(12), 12)
    expect([...(await patternDistances(runtime, place, place, true)).data]).toEqual(new Array(16).fill(0))
  })
})
