import type { Runtime } from '../runtime/index.ts'
import { type Matrix, matrix, rowOf } from '../tensor/index.ts'
import { type CovarianceKind, fitComponent, logDensities } from './mixture-component.ts'

export interface MixtureOptions {
  readonly covariance: CovarianceKind
  /** Added to all variances. */
  readonly ridge: number
  /** The iteration ends when the mean log-likelihood of a row, in nats, grows by less. */
  readonly tolerance: number
  readonly iterations: number
}

/** What expectation–maximisation reached. */
export interface MixtureFit {
  /** `n × k`: how probable each component is, given the row; rows sum to 1. */
  readonly responsibilities: Matrix
  /** Mean log-likelihood of a row after each iteration, in nats. */
  readonly logLikelihoods: readonly number[]
  readonly converged: boolean
}

/**
 * Fits a mixture of `k` Gaussians to rows `x` (`n × d`) by expectation–maximisation, from the responsibilities `start`
 * (`n × k`). Densities stay logarithms throughout, so that rows far from every component have a nearest one all the same.
 *
 * Dempster, Laird, Rubin 1977, Maximum Likelihood from Incomplete Data via the EM Algorithm.
 */
export async function fitMixture(
  runtime: Runtime,
  x: Matrix,
  start: Matrix,
  { covariance, ridge, tolerance, iterations }: MixtureOptions,
): Promise<MixtureFit> {
  const k = start.columns
  let responsibilities = start
  const logLikelihoods: number[] = []
  for (let step = 0; step < iterations; step++) {
    const joint = matrix(x.rows, k)
    for (let c = 0; c < k; c++) {
      const weights = columnOf(responsibilities, c)
      const component = await fitComponent(runtime, x, weights, covariance, ridge)
      const share = weights.reduce((sum, value) => sum + value, 0) + 10 * Number.EPSILON
      const densities = await logDensities(runtime, x, covariance, component)
      densities.forEach((density, i) => {
        joint.data[i * k + c] = density + Math.log(share / x.rows)
      })
    }
    logLikelihoods.push(normaliseRows(joint) / x.rows)
    responsibilities = joint
    const gain = logLikelihoods[step] - (logLikelihoods[step - 1] ?? Number.NEGATIVE_INFINITY)
    if (Math.abs(gain) < tolerance) return { responsibilities, logLikelihoods, converged: true }
  }
  return { responsibilities, logLikelihoods, converged: false }
}

const columnOf = ({ rows, columns, data }: Matrix, column: number): Float64Array =>
  Float64Array.from({ length: rows }, (_, i) => data[i * columns + column])

/** Turns logarithms into shares of their row's sum; returns the sum over rows of the sums' logarithms. */
function normaliseRows(logarithms: Matrix): number {
  let total = 0
  for (let i = 0; i < logarithms.rows; i++) {
    const row = rowOf(logarithms, i)
    const most = row.reduce((largest, value) => Math.max(largest, value), Number.NEGATIVE_INFINITY)
    const sum = most + Math.log(row.reduce((all, value) => all + Math.exp(value - most), 0))
    row.forEach((value, c) => {
      row[c] = Math.exp(value - sum)
    })
    total += sum
  }
  return total
}
