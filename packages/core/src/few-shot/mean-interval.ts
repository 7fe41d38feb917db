import { InvalidInputError } from '../errors.ts'

/** A mean and how far from it the true one may lie. */
export interface MeanInterval {
  readonly mean: number
  /** The 95 % confidence interval is `mean ± halfWidth`. */
  readonly halfWidth: number
  /** Standard deviation of the values, with `n − 1`. */
  readonly deviation: number
  /** `n`. */
  readonly count: number
}

/**
 * The mean of independent values with its 95 % confidence interval, `t · s / √n` by Student's distribution; with the usual
 * 600 episodes `t` is 1.964. Throws `InvalidInputError` for fewer than two values.
 */
export function meanInterval(values: ArrayLike<number>): MeanInterval {
  const count = values.length
  if (count < 2) throw new InvalidInputError(`a confidence interval needs two values or more, got ${count}`)
  let mean = 0
  for (let i = 0; i < count; i++) mean += values[i]! / count
  let squares = 0
  for (let i = 0; i < count; i++) squares += (values[i]! - mean) ** 2
  const deviation = Math.sqrt(squares / (count - 1))
  return { mean, deviation, count, halfWidth: (studentQuantile(count - 1) * deviation) / Math.sqrt(count) }
}

/** The 97.5 % quantile of the standard normal distribution. */
const NORMAL = 1.959963984540054

/**
 * The 97.5 % quantile of Student's distribution: exact for one and two degrees of freedom, else to 0.2 % and better by
 * Fisher's expansion around the normal one (Abramowitz and Stegun 1964, 26.7.5).
 */
export function studentQuantile(degrees: number): number {
  if (degrees === 1) return Math.tan(0.475 * Math.PI)
  if (degrees === 2) return 0.95 * Math.sqrt(2 / 0.0975)
  const z = NORMAL
  const terms = [
    z,
    (z ** 3 + z) / 4,
    (5 * z ** 5 + 16 * z ** 3 + 3 * z) / 96,
    (3 * z ** 7 + 19 * z ** 5 + 17 * z ** 3 - 15 * z) / 384,
    (79 * z ** 9 + 776 * z ** 7 + 1482 * z ** 5 - 1920 * z ** 3 - 945 * z) / 92160,
  ]
  return terms.reduce((sum, term, order) => sum + term / degrees ** order, 0)
}
