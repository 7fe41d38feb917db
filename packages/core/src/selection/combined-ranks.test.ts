import { expect, test } from 'vitest'
import { combineRanks } from './combined-ranks.ts'

test('orders by the mean place over the scores', () => {
  const ranks = combineRanks([
    [3, 2, 1],
    [30, 10, 20],
  ])
  expect(ranks).toEqual([
    { rank: 1, meanPlace: 0 },
    { rank: 2, meanPlace: 0.75 },
    { rank: 2, meanPlace: 0.75 },
  ])
})

test('judges a candidate without a score by the others', () => {
  const ranks = combineRanks([
    [3, 2, 1],
    [null, 10, 20],
  ])
  expect(ranks.map(({ meanPlace }) => meanPlace)).toEqual([0, 0.75, 0.5])
  expect(ranks.map(({ rank }) => rank)).toEqual([1, 3, 2])
})

test('leaves out a score that tells nobody apart', () => {
  expect(combineRanks([[1, 2], [5, 5], [null, 7]]).map(({ rank }) => rank)).toEqual([2, 1]) // biome-ignore format: short
  expect(combineRanks([[1]])).toEqual([{ rank: 1, meanPlace: 0.5 }])
  expect(combineRanks([])).toEqual([])
})

test('gives ties the middle of their places', () => {
  expect(combineRanks([[9, 5, 5, 1]]).map(({ meanPlace }) => meanPlace)).toEqual([0, 0.5, 0.5, 1])
})

test('refuses lists of different lengths', () => {
  expect(() => combineRanks([[1, 2], [1]])).toThrow(/scores of 2 and of 1 candidates/)
})
