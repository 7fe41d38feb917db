import fc from 'fast-check'
import { expect, it } from 'vitest'
import { halfBits } from './half.ts'

/** The number that 16 bits stand for, by the definition of the format. */
function fromBits(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1024 + fraction) * 2 ** (exponent - 25))
}

it('keeps every number that float16 has', () => {
  for (let bits = 0; bits < 0x7c00; bits++) {
    expect(halfBits(fromBits(bits))).toBe(bits)
    expect(halfBits(-fromBits(bits))).toBe(bits | 0x8000)
  }
})

it('takes the nearest number', () => {
  fc.assert(
    fc.property(fc.double({ min: -65504, max: 65504, noNaN: true }), (x) => {
      const bits = halfBits(x)
      const error = Math.abs(fromBits(bits) - x)
      for (const other of [bits - 1, bits + 1]) {
        const distance = Math.abs(fromBits(other) - x)
        expect(Number.isNaN(distance) || error <= distance).toBe(true)
      }
    }),
    { numRuns: 2000 },
  )
})

it('takes the even one of two that are as near', () => {
  for (const bits of [0, 1, 2, 1023, 1024, 1025, 0x3c00, 0x3c01, 0x7bfe]) {
    const between = (fromBits(bits) + fromBits(bits + 1)) / 2
    expect(halfBits(between)).toBe(bits % 2 === 0 ? bits : bits + 1)
  }
})

it('takes what is too large to infinity', () => {
  expect([65519.99, 65520, 1e9, Infinity, -Infinity, -1e6].map(halfBits)).toEqual([
    0x7bff, 0x7c00, 0x7c00, 0x7c00, 0xfc00, 0xfc00,
  ])
  expect(fromBits(halfBits(Number.NaN))).toBeNaN()
})
