import { InvalidInputError } from '../errors.ts'

/**
 * Kendall's rank correlation of two lists, `τ_b = (concordant − discordant) / √(pairs not tied in a · pairs not tied in b)`,
 * from −1 to 1; NaN where one list is all ties. Throws `InvalidInputError` unless both have the same length, two or more.
 *
 * Kendall 1945, The Treatment of Ties in Ranking Problems.
 */
export function kendallCorrelation(a: readonly number[], b: readonly number[]): number {
  checkLengths(a, b)
  let agreement = 0
  let untiedA = 0
  let untiedB = 0
  for (let i = 1; i < a.length; i++) {
    for (let j = 0; j < i; j++) {
      const signA = Math.sign(a[i] - a[j])
      const signB = Math.sign(b[i] - b[j])
      agreement += signA * signB
      untiedA += Math.abs(signA)
      untiedB += Math.abs(signB)
    }
  }
  return agreement / Math.sqrt(untiedA * untiedB)
}

/**
 * Pearson's correlation of two lists, from −1 to 1; NaN where one list is constant. Throws `InvalidInputError` unless both
 * have the same length, two or more.
 */
export function pearsonCorrelation(a: readonly number[], b: readonly number[]): number {
  checkLengths(a, b)
  const x = deviations(a)
  const y = deviations(b)
  const product = x.reduce((sum, value, i) => sum + value * y[i], 0)
  const correlation = product / Math.hypot(...x) / Math.hypot(...y)
  return Math.max(-1, Math.min(1, correlation))
}

function deviations(values: readonly number[]): number[] {
  const mean = values.reduce((sum, value) => sum + value / values.length, 0)
  return values.every((value) => value === values[0]) ? values.map(() => 0) : values.map((value) => value - mean)
}

function checkLengths(a: readonly number[], b: readonly number[]): void {
  if (a.length === b.length && a.length >= 2) return
  throw new InvalidInputError(
    `a correlation needs two lists of one length, two or more, got ${a.length} and ${b.length}`,
  )
}
