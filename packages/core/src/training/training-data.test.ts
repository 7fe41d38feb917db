import { describe, expect, it } from 'vitest'
import { tensorData } from './index.ts'
import { takeRows } from './training-data.ts'

describe('tensors in memory as data', () => {
  const x = { type: 'float32' as const, dims: [3, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6) }
  const y = { type: 'int64' as const, dims: [3], data: BigInt64Array.of(7n, 8n, 9n) }

  it('give copies of rows in the order asked for', async () => {
    const data = tensorData({ x, y })
    expect(data.rows).toBe(3)
    const batch = await data.batch(Int32Array.of(2, 0), 1)
    expect(batch).toEqual({
      x: { type: 'float32', dims: [2, 2], data: Float32Array.of(5, 6, 1, 2) },
      y: { type: 'int64', dims: [2], data: BigInt64Array.of(9n, 7n) },
    })
    ;(batch.x!.data as Float32Array)[0] = 0
    expect(x.data[4]).toBe(5)
  })

  it('may hold words', () => {
    const words = { type: 'string' as const, dims: [2, 2], data: ['a', 'b', 'c', 'd'] }
    expect(takeRows(words, Int32Array.of(1)).data).toEqual(['c', 'd'])
  })

  it('must have as many rows each', () => {
    expect(() => tensorData({ x, y: { ...y, dims: [1, 3] } })).toThrow(/as many rows each, got x 3, y 1/)
    expect(() => tensorData({ x: { ...y, dims: [] } })).toThrow(/x none/)
    expect(() => tensorData({})).toThrow(/no tensors/)
  })
})
