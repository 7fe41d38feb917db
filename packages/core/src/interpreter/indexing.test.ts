import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sizeOf } from '../tensor/index.ts'
import {
  aroundAxis,
  broadcastDims,
  broadcastStrides,
  broadcastTo,
  nextIndex,
  normaliseAxes,
  normaliseAxis,
  offsetsOf,
  permute,
  readStrided,
  stridesOf,
} from './indexing.ts'
import { value } from './value.ts'

const dimsUpTo = (rank: number) => fc.array(fc.nat(4), { maxLength: rank })
const counted = (size: number): Float64Array => Float64Array.from({ length: size }, (_, i) => i)

/** Every index of a shape, in row-major order. */
function indices(dims: readonly number[]): number[][] {
  if (sizeOf(dims) === 0) return []
  const index = dims.map(() => 0)
  const all: number[][] = []
  do all.push([...index])
  while (nextIndex(index, dims))
  return all
}

describe('axes', () => {
  it('count from either end', () => {
    expect([0, 2, -1, -3].map((axis) => normaliseAxis(axis, 3))).toEqual([0, 2, 2, 0])
    expect(normaliseAxes([-1, 0], 3)).toEqual([0, 2])
    for (const axis of [3, -4])
      expect(() => normaliseAxis(axis, 3)).toThrow(`axis ${axis} is none of a tensor with 3 axes`)
  })

  it('have others before and after them', () => {
    expect(aroundAxis([2, 3, 4, 5], 1)).toEqual({ outer: 2, length: 3, inner: 20 })
  })
})

describe('indices', () => {
  it('come in row-major order, as many as there are elements', () => {
    fc.assert(
      fc.property(dimsUpTo(4), (dims) => {
        const strides = stridesOf(dims)
        const places = indices(dims).map((index) => index.reduce((sum, i, axis) => sum + i * strides[axis]!, 0))
        expect(places).toEqual([...counted(sizeOf(dims))])
      }),
    )
  })
})

describe('broadcasting', () => {
  it('aligns shapes at their last axes', () => {
    expect(broadcastDims([3, 1], [2, 1, 4], [])).toEqual([2, 3, 4])
    expect(broadcastDims([0, 1], [1, 2])).toEqual([0, 2])
    expect(() => broadcastDims([2, 3], [2])).toThrow('shapes [2, 3] and [2] do not broadcast')
    expect(broadcastStrides([3, 1], [2, 3, 4])).toEqual([0, 1, 0])
  })

  it('repeats numbers, and leaves those that have the shape where they are', () => {
    const x = value('float', [2, 1], Float64Array.of(1, 2))
    expect([...broadcastTo(x, [2, 2, 3])]).toEqual([1, 1, 1, 2, 2, 2, 1, 1, 1, 2, 2, 2])
    expect(broadcastTo(x, [1, 2, 1])).toBe(x.data)
    expect([...broadcastTo(value('float', [], Float64Array.of(7)), [2])]).toEqual([7, 7])
  })
})

describe('views', () => {
  const view = fc
    .array(fc.tuple(fc.nat(4), fc.integer({ min: -9, max: 9 })), { maxLength: 4 })
    .map((axes) => ({ dims: axes.map(([dim]) => dim), strides: axes.map(([, stride]) => stride) }))

  it('read the elements that their strides name, and tell where those lie', () => {
    fc.assert(
      fc.property(view, ({ dims, strides }) => {
        const expected = indices(dims).map((index) => index.reduce((sum, i, axis) => sum + i * strides[axis]!, 200))
        expect([...readStrided(counted(400), dims, strides, 200)]).toEqual(expected)
        expect([...offsetsOf(dims, strides)]).toEqual(expected.map((place) => place - 200))
      }),
    )
  })

  it('merge axes only where that changes nothing: transposed ones keep their order', () => {
    fc.assert(
      fc.property(dimsUpTo(4), fc.infiniteStream(fc.nat(99)), (dims, keys) => {
        const order = [...dims.keys()].map((axis) => ({ axis, key: keys.next().value })).sort((a, b) => a.key - b.key)
        const axes = order.map(({ axis }) => axis)
        const strides = stridesOf(dims)
        const expected = indices(axes.map((axis) => dims[axis]!)).map((index) =>
          index.reduce((sum, i, k) => sum + i * strides[axes[k]!]!, 0),
        )
        expect([...permute(counted(sizeOf(dims)), dims, axes)]).toEqual(expected)
      }),
    )
  })
})
