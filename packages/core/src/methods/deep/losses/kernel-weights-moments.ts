import { InvalidInputError } from '../../../errors.ts'
import { type Matrix, matrix, rowOf } from '../../../tensor/index.ts'

/** What the choice of kernels is made by. */
export interface KernelMoments {
  /** `η`: the estimate of each kernel's MMD², `m`. */
  readonly mean: Float64Array
  /** `Q`, `m × m`. */
  readonly covariance: Matrix
}

/**
 * From the terms `g` of linear-time estimates (`n × m`, a row per quadruple, a column per kernel): their mean, and `Q`, the
 * mean of `(g_{2i−1} − g_{2i})(g_{2i−1} − g_{2i})ᵀ` over pairs of rows that follow one another, a last odd row left out. In
 * expectation `Q` is twice the covariance. Throws `InvalidInputError` for fewer than two rows, and for numbers that are not
 * finite.
 *
 * Long, Cao, Wang, Jordan 2015, Learning Transferable Features with Deep Adaptation Networks, section 4.2.
 */
export function kernelMoments(statistics: Matrix): KernelMoments {
  const { rows: n, columns: m } = statistics
  if (n < 2) {
    throw new InvalidInputError(
      `the variance of kernel estimates needs two quadruples or more, got ${n}: give batches of 4 rows or more`,
    )
  }
  if (!statistics.data.every(Number.isFinite)) {
    throw new InvalidInputError('kernel statistics hold numbers that are not finite: look for features that overflowed')
  }
  const mean = new Float64Array(m)
  statistics.data.forEach((value, i) => {
    mean[i % m]! += value / n
  })
  const covariance = matrix(m, m)
  const pairs = Math.floor(n / 2)
  for (let i = 0; i < pairs; i++) {
    const [first, second] = [rowOf(statistics, 2 * i), rowOf(statistics, 2 * i + 1)]
    const difference = first.map((value, u) => value - second[u]!)
    for (let u = 0; u < m; u++) {
      for (let v = 0; v < m; v++) covariance.data[u * m + v]! += (difference[u]! * difference[v]!) / pairs
    }
  }
  return { mean, covariance }
}
