import { afterAll, describe, expect, it } from 'vitest'
import { applyStages, nodeRuntime } from '../runtime/index.ts'
import { type Matrix, matrixFromRows } from '../tensor/index.ts'
import { largestDifference } from '../testing/matrices.ts'
import { fitPreparation, type Scale, scales } from './preparation.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

const prepare = (scale: Scale, fitted: Matrix, rows: Matrix = fitted) =>
  applyStages(runtime, [fitPreparation(scale, fitted)], rows)

describe('fitPreparation', () => {
  const x = matrixFromRows([
    [1, 5, 2],
    [3, 5, 4],
    [5, 5, 9],
  ])

  it('zscore: columns of mean 0 and population deviation 1, constant ones 0', async () => {
    const s = Math.sqrt(8 / 3)
    const expected = [-2 / s, 0, 2 / s]
    const { data } = await prepare('zscore', x)
    expect(largestDifference([data[0]!, data[3]!, data[6]!], expected)).toBeLessThan(1e-14)
    expect([data[1], data[4], data[7]]).toEqual([0, 0, 0])
  })

  it('l1-zscore: rows divided by their sum first, an empty row staying empty', async () => {
    const counts = matrixFromRows([
      [1, 3],
      [2, 2],
      [0, 0],
    ])
    const frequencies = matrixFromRows([
      [0.25, 0.75],
      [0.5, 0.5],
      [0, 0],
    ])
    const expected = await prepare('zscore', frequencies)
    expect(largestDifference((await prepare('l1-zscore', counts)).data, expected.data)).toBeLessThan(1e-13)
  })

  it('l2: rows of length 1, a zero row staying zero', async () => {
    const rows = await prepare(
      'l2',
      matrixFromRows([
        [3, 4],
        [0, 0],
      ]),
    )
    expect(largestDifference(rows.data, [0.6, 0.8, 0, 0])).toBeLessThan(1e-15)
  })

  it('minmax: columns from 0 to 1, constant ones 0', async () => {
    const { data } = await prepare('minmax', x)
    expect(largestDifference(data, [0, 0, 0, 0.5, 0, 2 / 7, 1, 0, 1])).toBeLessThan(1e-15)
  })

  it('treats a column that varies by rounding alone as constant', async () => {
    const { data } = await prepare('zscore', matrixFromRows([[0.1 + 0.2], [0.3], [0.3]]))
    expect([...data]).toEqual([0, 0, 0])
  })

  it('prepares new rows by the statistics of the fitted ones', async () => {
    const { data } = await prepare('zscore', x, matrixFromRows([[3, 7, 5]]))
    expect(largestDifference(data, [0, 0, 0])).toBeLessThan(1e-14)
  })

  it.each(scales)('%s leaves its input alone', async (scale) => {
    const copy = x.data.slice()
    await prepare(scale, x)
    expect(x.data).toEqual(copy)
  })
})
