import { z } from 'zod'
import { InvalidInputError } from '../errors.ts'
import { type Matrix, matrix } from '../tensor/index.ts'
import { type FeatureBases, featureBases } from './feature-bases.ts'
import { fitMixture } from './gaussian-mixture.ts'
import { kMeans } from './k-means.ts'
import { leep } from './leep.ts'
import type { CovarianceKind } from './mixture-component.ts'
import { presentClasses } from './present-classes.ts'
import type { RowBasis } from './row-basis.ts'
import { basesOf, defineScore, requirePart, type ScoreContext } from './transferability-score.ts'

export interface NLeepOptions {
  /** Share of the variance that the principal components keep; default 0.8. */
  readonly variance?: number
  /** Components of the mixture per class that has rows; default 5. No more than a quarter of the rows are made. */
  readonly componentsPerClass?: number
  /** Default `full`. */
  readonly covariance?: CovarianceKind
  /** Added to all variances, as a share of their mean; default 1e-6. */
  readonly ridge?: number
}

/**
 * LEEP with a mixture of Gaussians in place of the source classifier: the features (`n × d`) are reduced to principal
 * components, a mixture is fitted to them, and the responsibilities of its components stand for the source
 * probabilities. At most 0. The mixture starts from k-means by a stream forked from `random`. A component of one or two
 * rows would tell the classes apart whatever the features are, hence the bound by the number of rows. Throws
 * `InvalidInputError` for infinite features, and where fewer than two classes have rows.
 *
 * Li, Jia, Sang, Zhu, Green, Wang, Gong 2021, Ranking Neural Checkpoints.
 */
export const nLeep = (
  context: ScoreContext,
  features: Matrix,
  labels: Int32Array,
  options: NLeepOptions = {},
): Promise<number> => nLeepOf(featureBases(context.runtime, features), labels, options, context)

async function nLeepOf(
  bases: FeatureBases,
  labels: Int32Array,
  { variance = 0.8, componentsPerClass = 5, covariance = 'full', ridge = 1e-6 }: NLeepOptions,
  { runtime, random }: ScoreContext,
): Promise<number> {
  if (!(variance > 0 && variance <= 1))
    throw new InvalidInputError(`a share of variance is from 0 to 1, got ${variance}`)
  const { count } = presentClasses(labels, bases.features.rows)
  const x = principalRows(await bases.centred(), variance)
  const k = Math.max(1, Math.min(componentsPerClass * count, Math.floor(x.rows / 4)))
  if (x.columns === 0 || k === 1) return leep(matrix(x.rows, 1, new Float64Array(x.rows).fill(1)), labels)
  const clusters = await kMeans(runtime, x, k, random.fork('n-leep'))
  const start = matrix(x.rows, k)
  clusters.forEach((cluster, i) => {
    start.data[i * k + cluster] = 1
  })
  const meanVariance = x.data.reduce((sum, value) => sum + value ** 2, 0) / x.data.length
  const settings = { covariance, ridge: ridge * meanVariance, tolerance: 1e-3, iterations: 100 }
  const { responsibilities } = await fitMixture(runtime, x, start, settings)
  return leep(responsibilities, labels)
}

/** The first principal components that hold this share of the variance, `n × k`; none where there is no variance. */
function principalRows({ u, squares }: RowBasis, variance: number): Matrix {
  const total = squares.reduce((sum, value) => sum + value, 0)
  let kept = 0
  for (let held = 0; kept < squares.length && held < variance * total; kept++) held += squares[kept]
  const rows = matrix(u.rows, kept)
  for (let i = 0; i < u.rows; i++) {
    for (let k = 0; k < kept; k++) rows.data[i * kept + k] = u.data[i * u.columns + k] * Math.sqrt(squares[k])
  }
  return rows
}

export const nLeepScore = defineScore({
  id: 'n-leep',
  name: 'LEEP of a Gaussian mixture',
  paper: { authors: 'Li, Jia, Sang, Zhu, Green, Wang, Gong', year: 2021, title: 'Ranking Neural Checkpoints' },
  summary: 'How well the clusters that the features form tell the classes: at most 0.',
  needs: 'features',
  task: 'classification',
  better: 'higher',
  cost: 'O(n d min(n, d) + C n d²)',
  options: z.strictObject({
    variance: z
      .number()
      .positive()
      .max(1)
      .default(0.8)
      .describe('share of the variance that the principal components keep: larger keeps finer differences and noise'),
    componentsPerClass: z
      .number()
      .int()
      .positive()
      .default(5)
      .describe('Gaussians per class, a quarter of the rows at most: more follow the features closer'),
    covariance: z
      .enum(['full', 'diagonal'])
      .default('full')
      .describe('shape of a Gaussian; diagonal has fewer numbers to find from few rows'),
    ridge: z
      .number()
      .nonnegative()
      .default(1e-6)
      .describe('added to variances, as a share of their mean: larger makes memberships softer'),
  }),
  score: async (rows, options, context) =>
    nLeepOf(basesOf('n-leep', rows, context), requirePart('n-leep', rows, 'labels'), options, context),
})
