import {
  gramOperator,
  matrixOperator,
  type Operator,
  scatter,
  type TopEigenpairs,
  topEigenpairs,
} from '../../linalg/index.ts'
import type { Runtime } from '../../runtime/index.ts'
import { type Matrix, matrix, takeColumns } from '../../tensor/index.ts'
import { centred, meanRow } from '../rows.ts'

/** The principal axes of a sample: its mean and the directions of largest variance, as far as it has variance. */
export interface PrincipalAxes {
  /** `d` elements. */
  readonly mean: Float64Array
  /** `d × k`, orthonormal columns; `k` is at most the rank of the centred sample. */
  readonly axes: Matrix
  /** Variance along each axis (`k`, population). */
  readonly variances: Float64Array
}

/** Largest residual of an axis, as a part of the largest variance: the variance kept is right to its square. */
const TOLERANCE = 1e-6

/** Variance below this part of the largest is rounding, not an axis. */
const NO_VARIANCE = 1e-12

/**
 * The `k` principal axes of the rows of `x` (`n × d`), or as many as there are: top eigenvectors of the covariance
 * (Pearson 1901). Signs are fixed: the largest entry of an axis is positive.
 */
export async function principalAxes(runtime: Runtime, x: Matrix, k: number): Promise<PrincipalAxes> {
  const wanted = Math.min(k, x.columns, Math.max(x.rows - 1, 1))
  const { mean, operator } = await scatterOperator(runtime, x)
  const pairs = await topEigenpairs(runtime, operator, wanted, { tolerance: TOLERANCE })
  const rank = Math.max(1, significant(pairs))
  return {
    mean,
    axes: fixSigns(takeColumns(pairs.vectors, 0, rank)),
    variances: pairs.values.slice(0, rank).map((value) => Math.max(value, 0) / x.rows),
  }
}

/** The scatter of the rows, formed where it is no larger than they are, and their mean. */
async function scatterOperator(runtime: Runtime, x: Matrix): Promise<{ mean: Float64Array; operator: Operator }> {
  if (x.rows < x.columns) {
    const { mean } = meanRow(x)
    return { mean, operator: gramOperator(centred(x, mean)) }
  }
  const { mean, products } = await scatter(runtime, x)
  return { mean, operator: matrixOperator(products) }
}

/** How many eigenvalues are not rounding. */
export function significant({ values }: Pick<TopEigenpairs, 'values'>): number {
  const first = values.findIndex((value) => !(value > NO_VARIANCE * values[0]!))
  return first === -1 ? values.length : first
}

/** Turns each column so that its entry of largest size is positive: an eigenvector has no sign of its own. */
export function fixSigns(vectors: Matrix): Matrix {
  const result = matrix(vectors.rows, vectors.columns, vectors.data.slice())
  for (let j = 0; j < result.columns; j++) {
    let peak = 0
    for (let i = 0; i < result.rows; i++) {
      const value = result.data[i * result.columns + j]!
      if (Math.abs(value) > Math.abs(peak)) peak = value
    }
    if (peak >= 0) continue
    for (let i = 0; i < result.rows; i++) {
      const at = i * result.columns + j
      result.data[at] = -result.data[at]!
    }
  }
  return result
}
