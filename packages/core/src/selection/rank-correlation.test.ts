import fc from 'fast-check'
import { expect, test } from 'vitest'
import { kendallCorrelation, pearsonCorrelation } from './rank-correlation.ts'

test('agreement, its opposite and what lies between', () => {
  expect(kendallCorrelation([1, 2, 3], [4, 5, 9])).toBe(1)
  expect(kendallCorrelation([1, 2, 3], [9, 5, 4])).toBe(-1)
  expect(kendallCorrelation([1, 2, 3], [1, 3, 2])).toBeCloseTo(1 / 3, 14)
  expect(pearsonCorrelation([1, 2, 3], [10, 20, 30])).toBeCloseTo(1, 14)
  expect(pearsonCorrelation([0, 1, 0, 1], [0, 0, 1, 1])).toBeCloseTo(0, 14)
})

test('is not a number where one list is all the same', () => {
  expect(kendallCorrelation([1, 1], [1, 2])).toBeNaN()
  expect(pearsonCorrelation([0.1, 0.1, 0.1], [1, 2, 4])).toBeNaN()
})

test('Kendall’s depends on the order alone, Pearson’s not on scale and level', () => {
  const lists = fc.uniqueArray(fc.integer({ min: -50, max: 50 }), { minLength: 3, maxLength: 12 })
  fc.assert(
    fc.property(lists, fc.integer({ min: 1, max: 9 }), (list, factor) => {
      const other = list.map((value, i) => (i % 2 === 0 ? value : -value) + i / 7)
      const grown = list.map((value) => Math.exp(value / 10))
      expect(kendallCorrelation(grown, other)).toBeCloseTo(kendallCorrelation(list, other), 12)
      const moved = list.map((value) => factor * value - 3)
      expect(pearsonCorrelation(moved, other)).toBeCloseTo(pearsonCorrelation(list, other), 10)
    }),
  )
})

test('refuses lists that do not match', () => {
  expect(() => kendallCorrelation([1], [1])).toThrow(/two or more, got 1 and 1/)
  expect(() => pearsonCorrelation([1, 2], [1, 2, 3])).toThrow(/got 2 and 3/)
})
