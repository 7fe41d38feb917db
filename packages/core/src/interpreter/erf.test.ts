import { describe, expect, it } from 'vitest'
import { erf } from './erf.ts'

/** By mpmath with 30 digits. */
const known = [
  [1e-10, 1.1283791670955126e-10],
  [0.1, 0.1124629160182849],
  [0.5, 0.5204998778130465],
  [1, 0.8427007929497149],
  [2, 0.9953222650189527],
  [2.9999, 0.9999778955735178],
  [3.0001, 0.9999779234241298],
  [4, 0.9999999845827421],
  [5.5, 0.9999999999999926],
] as const

describe('erf', () => {
  it.each(known)('of %f is right to rounding, on both sides of zero', (x, expected) => {
    expect(Math.abs(erf(x) / expected - 1)).toBeLessThan(4e-16)
    expect(erf(-x)).toBe(-erf(x))
  })

  it('ends at 0, 1 and NaN where its argument does', () => {
    expect(erf(0)).toBe(0)
    expect([erf(40), erf(Infinity), erf(-Infinity), erf(Number.NaN)]).toEqual([1, 1, -1, Number.NaN])
  })
})
