/**
 * The odd polynomial `x (c₀ + c₁x² + c₂x⁴ + …)` of so many terms closest to 1 on `[least, 1]` in the largest error, and
 * that error: Remez' exchange. One such step takes numbers anywhere in the interval to within `error` of 1.
 */
export function signPolynomial(
  least: number,
  terms: number,
): { readonly coefficients: readonly number[]; readonly error: number } {
  if (least > 0.97) return nearOne(1 - least, terms)
  // Chebyshev's extrema on the interval: a start that the exchange improves.
  let points = Array.from(
    { length: terms + 1 },
    (_, i) => (1 + least) / 2 - ((1 - least) / 2) * Math.cos((Math.PI * i) / terms),
  )
  let solution = equalise(points)
  for (let round = 0; round < 30; round++) {
    const next = extrema(solution.coefficients, least, terms + 1)
    if (next === undefined) break
    const moved = next.reduce((most, x, i) => Math.max(most, Math.abs(x - points[i]!)), 0)
    points = next
    solution = equalise(points)
    if (moved < 1e-10) break
  }
  return { coefficients: solution.coefficients, error: Math.abs(solution.error) }
}

/** Taylor's polynomial about 1, `x Σₖ (2k choose k) ((1 − x²)/4)ᵏ` (the Newton–Schulz family): what the best one tends to. */
function nearOne(distance: number, terms: number): { coefficients: number[]; error: number } {
  const coefficients = new Array<number>(terms).fill(0)
  let central = 1
  for (let k = 0; k < terms; k++) {
    let binomial = 1
    for (let i = 0; i <= k; i++) {
      coefficients[i] = coefficients[i]! + central * binomial
      binomial *= (i - k) / (i + 1)
    }
    central *= (2 * k + 1) / (2 * k + 2)
  }
  // The first term left out, and those after it: 1 − x² is at most twice the distance.
  return { coefficients, error: 1.1 * central * (2 * distance) ** terms }
}

const value = (coefficients: readonly number[], x: number): number =>
  x * coefficients.reduceRight((sum, c) => sum * x * x + c, 0)

/** Coefficients for which the error has one size and alternating signs at the points. */
function equalise(points: readonly number[]): { coefficients: number[]; error: number } {
  const size = points.length
  const rows = points.map((x, i) => [
    ...Array.from({ length: size - 1 }, (_, k) => x ** (2 * k + 1)),
    i % 2 === 0 ? 1 : -1,
    1,
  ])
  for (let column = 0; column < size; column++) {
    let pivot = column
    for (let i = column + 1; i < size; i++) {
      if (Math.abs(rows[i]![column]!) > Math.abs(rows[pivot]![column]!)) pivot = i
    }
    const held = rows[column]!
    rows[column] = rows[pivot]!
    rows[pivot] = held
    for (let i = 0; i < size; i++) {
      if (i === column) continue
      const factor = rows[i]![column]! / rows[column]![column]!
      for (let j = column; j <= size; j++) rows[i]![j] = rows[i]![j]! - factor * rows[column]![j]!
    }
  }
  const solution = rows.map((row, i) => row[size]! / row[i]!)
  return { coefficients: solution.slice(0, -1), error: solution.at(-1)! }
}

/** The ends and the inner extrema of the error, where there are `count` of them in all. */
function extrema(coefficients: readonly number[], least: number, count: number): number[] | undefined {
  const grid = 400
  const at = (i: number) => least + ((1 - least) * i) / grid
  const found = [least]
  for (let i = 1; i < grid; i++) {
    const before = value(coefficients, at(i - 1))
    const here = value(coefficients, at(i))
    const after = value(coefficients, at(i + 1))
    if ((here - before) * (after - here) <= 0) {
      const bend = before - 2 * here + after
      found.push(at(i) + (bend === 0 ? 0 : (((before - after) / bend) * (1 - least)) / (2 * grid)))
    }
  }
  found.push(1)
  return found.length === count ? found : undefined
}
