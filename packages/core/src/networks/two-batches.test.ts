import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { integerTensor, type Tensor } from '../tensor/index.ts'
import { axisOfBatch, periodOf, slopeOf, stepOf } from './two-batches.ts'

const sizes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 3 })

describe('what two runs tell', () => {
  it('finds the axis that holds the rows, and how often', () => {
    fc.assert(
      fc.property(sizes, fc.nat(2), fc.integer({ min: 1, max: 5 }), (dims, place, factor) => {
        const axis = place % dims.length
        const at = (rows: number) => dims.map((size, i) => (i === axis ? factor * rows : size))
        expect(axisOfBatch(at(2), at(3))).toEqual({ axis, factor })
      }),
    )
    expect(axisOfBatch([2, 3], [2, 3])).toBeUndefined()
    expect(axisOfBatch([2, 2], [3, 3])).toBeUndefined()
    expect(axisOfBatch([4], [5])).toBeUndefined()
    expect(axisOfBatch([2], [3, 1])).toBeUndefined()
  })

  it('finds slope · rows + offset in whole numbers', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: -9, max: 9 }), fc.integer({ min: -9, max: 9 })), { minLength: 1 }),
        (lines) => {
          const at = (rows: number) => integerTensor(lines.map(([slope, offset]) => slope * rows + offset))
          const found = slopeOf({ two: at(2), three: at(3) })!
          expect(found.slope).toEqual(integerTensor(lines.map(([slope]) => slope)))
          expect(found.offset).toEqual(integerTensor(lines.map(([, offset]) => offset)))
        },
      ),
    )
  })

  it('finds a piece that is repeated for each row', () => {
    const repeated = (rows: number): Tensor => ({
      type: 'float32',
      dims: [2, 2 * rows],
      data: Float32Array.from([1, 2].flatMap((i) => Array.from({ length: rows }, () => [i, 10 * i]).flat())),
    })
    const piece = { type: 'float32', dims: [2, 2], data: Float32Array.of(1, 10, 2, 20) }
    expect(periodOf({ two: repeated(2), three: repeated(3) })).toEqual({ axis: 1, piece })
    expect(periodOf({ two: repeated(2), three: { ...repeated(3), data: new Float32Array(12) } })).toBeUndefined()
  })

  it('finds places that move by the same step from row to row', () => {
    const moved = (rows: number): Tensor => ({
      type: 'int64',
      dims: [rows, 2],
      data: BigInt64Array.from(Array.from({ length: rows }, (_, n) => [7 * n, 7 * n + 4]).flat(), BigInt),
    })
    expect(stepOf({ two: moved(2), three: moved(3) })).toEqual({
      axis: 0,
      first: { type: 'int64', dims: [1, 2], data: BigInt64Array.of(0n, 4n) },
      step: { type: 'int64', dims: [1, 2], data: BigInt64Array.of(7n, 7n) },
    })
    const other = { ...moved(3), data: BigInt64Array.of(0n, 4n, 7n, 11n, 14n, 19n) }
    expect(stepOf({ two: moved(2), three: other })).toBeUndefined()
  })
})
