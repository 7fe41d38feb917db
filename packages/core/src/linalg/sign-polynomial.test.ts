import { describe, expect, it } from 'vitest'
import { signPolynomial } from './sign-polynomial.ts'

const at = (coefficients: readonly number[], x: number): number =>
  coefficients.reduce((sum, c, k) => sum + c * x ** (2 * k + 1), 0)

describe('signPolynomial', () => {
  const intervals = [0.01, 0.05, 0.2, 0.5, 0.9, 0.98, 0.999].flatMap((least) => [
    [least, 5],
    [least, 7],
  ])
  it.each(intervals)('keeps its promise on [%f, 1] with %i terms', (least, terms) => {
    const { coefficients, error } = signPolynomial(least!, terms!)
    expect(coefficients).toHaveLength(terms!)
    let worst = 0
    for (let i = 0; i <= 1000; i++)
      worst = Math.max(worst, Math.abs(at(coefficients, least! + ((1 - least!) * i) / 1000) - 1))
    expect(worst).toBeLessThan(error * 1.001 + 1e-14)
  })

  it.each([0.05, 0.2, 0.5])(
    'is the best of its degree on [%f, 1]: the error takes its size six times, with turning sign',
    (least) => {
      const { coefficients, error } = signPolynomial(least, 5)
      let turns = 0
      let sign = 0
      for (let i = 0; i <= 4000; i++) {
        const difference = at(coefficients, least + ((1 - least) * i) / 4000) - 1
        if (Math.abs(difference) > 0.999 * error && Math.sign(difference) !== sign) {
          turns++
          sign = Math.sign(difference)
        }
      }
      expect(turns).toBe(6)
    },
  )

  it('is better than the Newton–Schulz polynomial of its degree', () => {
    expect(signPolynomial(0.3, 5).error).toBeLessThan(0.15)
  })

  it('is the better the shorter the interval', () => {
    const errors = [0.01, 0.1, 0.3, 0.6, 0.9, 0.98].map((least) => signPolynomial(least, 5).error)
    expect(errors).toEqual(errors.toSorted((a, b) => b - a))
  })
})
