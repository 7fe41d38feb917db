import fc from 'fast-check'
import { expect, it } from 'vitest'
import { broadcastDims, frontAxis, sameDims } from './typed-value.ts'

it('broadcasts as NumPy does', () => {
  expect(broadcastDims([2, 1, 3], [4, 1])).toEqual([2, 4, 3])
  expect(broadcastDims([], [5, 0])).toEqual([5, 0])
  expect(broadcastDims([1], [0])).toEqual([0])
  const dims = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 4 })
  const replaced = fc.array(fc.boolean(), { minLength: 4, maxLength: 4 })
  fc.assert(
    fc.property(dims, replaced, fc.nat(4), (whole, ones, cut) => {
      const narrower = whole.slice(cut).map((dim, i) => (ones[i] ? 1 : dim))
      expect(broadcastDims(whole, narrower)).toEqual(whole)
      expect(broadcastDims(narrower, whole)).toEqual(whole)
    }),
  )
})

it('tells shapes apart', () => {
  expect(sameDims([2, 3], [2, 3])).toBe(true)
  expect(sameDims([2, 3], [3, 2])).toBe(false)
  expect(sameDims([2], [2, 1])).toBe(false)
})

it('counts axes from the front', () => {
  expect([-3, -1, 0, 2].map((axis) => frontAxis(axis, 3))).toEqual([0, 2, 0, 2])
})
