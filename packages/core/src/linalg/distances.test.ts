import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../runtime/index.ts'
import { matrixFromRows, rowOf } from '../tensor/index.ts'
import { normalMatrix } from '../testing/matrices.ts'
import { squaredDistances } from './distances.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

describe('squaredDistances', () => {
  it('is that of each row of the one to each row of the other', async () => {
    const [a, b] = [normalMatrix(5, 3), normalMatrix(4, 3)]
    const distances = await squaredDistances(runtime, a, b)
    expect([distances.rows, distances.columns]).toEqual([5, 4])
    for (let i = 0; i < 5; i++) {
      for (let j = 0; j < 4; j++) {
        const expected = rowOf(a, i).reduce((sum, value, k) => sum + (value - rowOf(b, j)[k]!) ** 2, 0)
        expect(distances.data[i * 4 + j]).toBeCloseTo(expected, 12)
      }
    }
  })

  it('is never negative, not where rounding leaves less than nothing either', async () => {
    const rows = matrixFromRows(Array.from({ length: 50 }, (_, i) => [1e6 + i * 1e-9, 1e6 / 3, -1e6 / 7]))
    const { data } = await squaredDistances(runtime, rows, rows)
    expect(Math.min(...data)).toBe(0)
  })
})
