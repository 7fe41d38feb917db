import { expect, it } from 'vitest'
import { exponential } from './exponential.ts'

it('is the exponential of what is not positive, to 1e-15 of it', () => {
  let worst = 0
  for (let k = 0; k < 200_000; k++) {
    // Dense near 0, where plans have their mass, and down to the smallest normal numbers.
    const x = -708 * (k / 200_000) ** 4
    worst = Math.max(worst, Math.abs(exponential(x) / Math.exp(x) - 1))
  }
  expect(worst).toBeLessThan(1e-15)
})

it('is exact at 0 and at powers of 2, and 0 where float64 loses digits', () => {
  expect(exponential(0)).toBe(1)
  expect(exponential(-Number.MIN_VALUE)).toBe(1)
  expect(exponential(-10 * Math.LN2)).toBeCloseTo(2 ** -10, 18)
  expect([-708.1, -1e9, Number.NEGATIVE_INFINITY].map(exponential)).toEqual([0, 0, 0])
})
