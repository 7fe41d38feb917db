import { expect, test } from 'vitest'
import { seededRandom } from '../tensor/index.ts'
import { meanInterval, studentQuantile } from './mean-interval.ts'

test('quantiles are those of the tables', () => {
  const table = { 1: 12.7062, 2: 4.3027, 3: 3.1824, 4: 2.7764, 9: 2.2622, 29: 2.0452, 599: 1.9639 }
  for (const [degrees, value] of Object.entries(table)) {
    expect(Math.abs(studentQuantile(Number(degrees)) / value - 1)).toBeLessThan(0.002)
  }
  expect(studentQuantile(1e9)).toBeCloseTo(1.959964, 6)
})

test('mean, deviation and half width by hand', () => {
  // With two degrees of freedom t is 4.30265.
  const { mean, deviation, halfWidth, count } = meanInterval([1, 2, 3])
  expect([mean, deviation, count]).toEqual([2, 1, 3])
  expect(halfWidth).toBeCloseTo(4.30265 / Math.sqrt(3), 4)
  expect(meanInterval([0.5, 0.5]).halfWidth).toBe(0)
  expect(() => meanInterval([1])).toThrow('two values or more, got 1')
})

test.each([
  ['ten normal values', 10, (random: ReturnType<typeof seededRandom>) => 3 + random.normal(), 3],
  [
    'sixty accuracies of 75 rows, 80 % right',
    60,
    (random: ReturnType<typeof seededRandom>) => {
      let right = 0
      for (let i = 0; i < 75; i++) if (random.uniform() < 0.8) right++
      return right / 75
    },
    0.8,
  ],
])('the interval of %s holds the true mean 95 times of 100', (_, n, draw, truth) => {
  const random = seededRandom(5)
  const trials = 4000
  let held = 0
  for (let trial = 0; trial < trials; trial++) {
    const { mean, halfWidth } = meanInterval(Array.from({ length: n }, () => draw(random)))
    if (Math.abs(mean - truth) <= halfWidth) held++
  }
  // Four standard errors of the share: 4 · √(0.95 · 0.05 / 4000) = 0.014.
  expect(Math.abs(held / trials - 0.95)).toBeLessThan(0.014)
})
