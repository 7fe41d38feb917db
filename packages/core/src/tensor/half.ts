/** A number as the 16 bits of a float16, rounded to the nearest, halves to the even one. */
export function halfBits(value: number): number {
  const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0
  const size = Math.abs(value)
  if (Number.isNaN(size)) return 0x7e00
  if (size >= LIMIT) return sign | 0x7c00
  const exponent = Math.max(Math.floor(Math.log2(size)), LEAST_EXPONENT)
  const units = size * 2 ** (10 - exponent)
  const below = Math.floor(units)
  const rest = units - below
  const rounded = rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below
  return sign | (rounded + (exponent - LEAST_EXPONENT) * 1024)
}

/** From here on numbers are rounded to infinity. */
const LIMIT = 65520
const LEAST_EXPONENT = -14
