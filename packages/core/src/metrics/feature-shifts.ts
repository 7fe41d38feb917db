import type { Matrix, Random } from '../tensor/index.ts'
import { checkDomains, sampleRows } from './domain-sample.ts'

/** How one feature differs between two domains. */
export interface FeatureShift {
  /** Column, from 0. */
  readonly feature: number
  /**
   * `|μ_s − μ_t| / √(((n_s − 1)v_s + (n_t − 1)v_t) / (n_s + n_t − 2))`; 0 where the means agree, infinite where they differ
   * and neither domain varies.
   */
  readonly standardisedMeanDifference: number
  /** Largest gap between the two empirical distribution functions, from 0 to 1. */
  readonly kolmogorovSmirnov: number
}

export interface FeatureShiftOptions {
  /** Rows of each domain, at most, for the Kolmogorov-Smirnov statistic. Default 2000. */
  readonly rows?: number
}

/** Means closer than this, relatively, differ by rounding. */
const ROUNDING = 1e-12

/**
 * The shift of every feature from source (`n_s × d`) to target (`n_t × d`), in the order of the columns. Means and deviations
 * are of all rows; the Kolmogorov-Smirnov statistic is of a sample, drawn by a stream forked from `random`.
 * `O(n·d + m·d·log m)` for a sample of `m` rows.
 *
 * Cohen 1988, Statistical Power Analysis; Smirnov 1948, Table for Estimating the Goodness of Fit of Empirical Distributions.
 */
export function featureShifts(
  source: Matrix,
  target: Matrix,
  random: Random,
  { rows = 2000 }: FeatureShiftOptions = {},
): FeatureShift[] {
  checkDomains(source, target, 1)
  const fork = random.fork('feature-shifts')
  const samples = [sampleRows(source, rows, fork.fork('source')), sampleRows(target, rows, fork.fork('target'))]
  const s = moments(source)
  const t = moments(target)
  return Array.from({ length: source.columns }, (_, feature) => {
    const [ms, mt] = [s.means[feature], t.means[feature]]
    const gap = Math.abs(ms - mt) <= ROUNDING * Math.max(Math.abs(ms), Math.abs(mt)) ? 0 : Math.abs(ms - mt)
    const freedom = Math.max(1, source.rows + target.rows - 2)
    const deviation = Math.sqrt((s.squares[feature] + t.squares[feature]) / freedom)
    const [a, b] = samples.map((sample) => column(sample, feature).sort())
    return {
      feature,
      standardisedMeanDifference: gap === 0 ? 0 : gap / deviation,
      kolmogorovSmirnov: kolmogorovSmirnov(a, b),
    }
  })
}

/** The two-sample statistic of values in ascending order: `max |F_a(x) − F_b(x)|`. */
export function kolmogorovSmirnov(a: Float64Array, b: Float64Array): number {
  let i = 0
  let j = 0
  let largest = 0
  while (i < a.length && j < b.length) {
    const value = Math.min(a[i], b[j])
    while (i < a.length && a[i] === value) i++
    while (j < b.length && b[j] === value) j++
    largest = Math.max(largest, Math.abs(i / a.length - j / b.length))
  }
  return largest
}

const column = (x: Matrix, j: number): Float64Array =>
  Float64Array.from({ length: x.rows }, (_, i) => x.data[i * x.columns + j])

/** Each column's mean and sum of squared deviations from it. */
function moments({ rows, columns, data }: Matrix): { means: Float64Array; squares: Float64Array } {
  const means = new Float64Array(columns)
  const squares = new Float64Array(columns)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) means[j] += data[i * columns + j]
  }
  for (let j = 0; j < columns; j++) means[j] /= rows
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) squares[j] += (data[i * columns + j] - means[j]) ** 2
  }
  return { means, squares }
}
