import { type Matrix, matrix } from '../../tensor/index.ts'
import { combination, type JointSpace, joined, topology, weightedGram } from '../feature/spaces/joint-space.ts'
import type { MethodContext } from '../method.ts'

/** Weights `W` (`n_s × n_t`) between the rows of two domains, seen through their features. */
export interface CrossWeights {
  /** Sums of the rows and of the columns of `W`: `n_s` and `n_t`. */
  readonly source: Float64Array
  readonly target: Float64Array
  /** `XᵀWY`, `d_s × d_t`. */
  readonly across: Matrix
}

/** One graph over the rows of both domains, seen through the joint space. */
export interface JointGraph {
  /** `Z L Zᵀ`. */
  readonly laplacian: Matrix
  /** `Z D Zᵀ`. */
  readonly degrees: Matrix
  /** The sum of all weights. */
  readonly edges: number
}

/**
 * The graph of nearest neighbours within each domain and `between` them, the latter times `μ` and the ratio of all edges within
 * the domains to those between them.
 */
export async function jointGraph(
  context: MethodContext,
  { source, target }: JointSpace,
  between: CrossWeights,
  mu: number,
  neighbours: number,
): Promise<JointGraph> {
  const [x, y] = [await topology(context, source, neighbours), await topology(context, target, neighbours)]
  const within = sum(x.degrees) + sum(y.degrees)
  const links = sum(between.source)
  // Rows that are alone in their domain have no neighbours; then the links are all there is.
  const weight = within > 0 ? (mu * within) / (2 * links) : 1
  const full = (own: Float64Array, others: Float64Array) => own.map((degree, i) => degree + weight * others[i])
  const degrees = joined(
    await weightedGram(context, source, full(x.degrees, between.source)),
    await weightedGram(context, target, full(y.degrees, between.target)),
  )
  const across = matrix(
    between.across.rows,
    between.across.columns,
    between.across.data.map((value) => weight * value),
  )
  return {
    laplacian: combination([
      [1, degrees],
      [-1, joined(x.joined, y.joined, across)],
    ]),
    degrees,
    edges: within + 2 * weight * links,
  }
}

const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0)
