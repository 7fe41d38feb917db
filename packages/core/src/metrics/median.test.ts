import { expect, test } from 'vitest'
import { seededRandom } from '../tensor/index.ts'
import { medianInPlace } from './median.ts'

test('agrees with sorting, ties included', () => {
  const random = seededRandom(3)
  for (let n = 1; n < 60; n++) {
    const values = Float64Array.from({ length: n }, () => random.integer(n))
    const sorted = values.slice().sort()
    const expected = n % 2 === 1 ? sorted[n >> 1] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2
    expect(medianInPlace(values)).toBe(expected)
  }
  expect(medianInPlace(new Float64Array(0))).toBeNaN()
})
