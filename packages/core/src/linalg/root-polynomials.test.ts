import { describe, expect, it } from 'vitest'
import { rootPolynomials } from './root-polynomials.ts'

const at = (coefficients: readonly number[], x: number): number => coefficients.reduceRight((sum, c) => sum * x + c, 0)

/** The whole iteration for the number `a`. */
function inverseRoot(a: number, least: number, largest: number): number {
  const { first, further, last } = rootPolynomials(least, largest, 1e-10)!
  let z = at(first, a)
  for (const step of further) {
    const t = z * a * z
    z *= 1 + t * at(step, t)
  }
  const d = 1 - z * a * z
  return z * (1 + d * at(last, d))
}

describe('rootPolynomials', () => {
  it.each([
    [1, 1],
    [1, 29],
    [0.01, 1],
    [1e-3, 3],
    [1, 1e6],
    [1e-7, 1e3],
  ])('take every number of [%d, %d] to its inverse root', (least, largest) => {
    for (let i = 0; i <= 500; i++) {
      const a = least * (largest / least) ** (i / 500)
      expect(Math.abs(inverseRoot(a, least, largest) * Math.sqrt(a) - 1)).toBeLessThan(1.1e-10)
    }
  })

  it('are two where the interval is short, and of even degree always', () => {
    const short = rootPolynomials(1, 25, 5e-10)!
    expect([short.first.length, short.further.length, short.last.length]).toEqual([5, 0, 8])
    const long = rootPolynomials(1, 1e5, 5e-10)!
    expect(long.first.length).toBe(7)
    expect(long.further.map((step) => step.length)).toEqual(long.further.map(() => 6))
    expect(long.further.length).toBeGreaterThan(0)
    expect(long.last.length % 2).toBe(0)
  })

  it('are none where the interval is too long to shrink', () => {
    expect(rootPolynomials(1e-300, 1, 1e-10)).toBeUndefined()
  })
})
