import { z } from 'zod'
import type { Runtime } from '../runtime/index.ts'
import type { Matrix } from '../tensor/index.ts'
import { sharesBetween } from './class-shares.ts'
import { type FeatureBases, featureBases } from './feature-bases.ts'
import { presentClasses } from './present-classes.ts'
import { basesOf, defineScore, requirePart } from './transferability-score.ts'

/**
 * H-score: `tr(cov(f)⁺ cov(E[f | y]))`, the pseudo-inverse being taken where the features' covariance is singular. Of
 * features `n × d` and `n` labels; from 0 to the number of classes less 1, which it reaches whenever the rows are no more
 * than the features: prefer `shrunkHScore` there. Any invertible linear map of the features leaves it as it is. Throws
 * `InvalidInputError` for infinite features and where fewer than two classes have rows.
 *
 * With the singular basis of the centred rows, `cov(f)⁺` cancels their lengths, and what is left is `Σₖ sharesBetween(U)ₖ`.
 *
 * Bao, Li, Huang, Zhang, Zheng, Zamir, Guibas 2019, An Information-Theoretic Approach to Transferability in Task Transfer
 * Learning.
 */
export const hScore = (runtime: Runtime, features: Matrix, labels: Int32Array): Promise<number> =>
  hScoreOf(featureBases(runtime, features), labels)

async function hScoreOf(bases: FeatureBases, labels: Int32Array): Promise<number> {
  const classes = presentClasses(labels, bases.features.rows)
  const { u } = await bases.centred()
  return sharesBetween(u, classes).reduce((sum, share) => sum + share, 0)
}

export const hScoreEntry = defineScore({
  id: 'h-score',
  name: 'H-score',
  paper: {
    authors: 'Bao, Li, Huang, Zhang, Zheng, Zamir, Guibas',
    year: 2019,
    title: 'An Information-Theoretic Approach to Transferability in Task Transfer Learning',
  },
  summary: 'How much of the features’ variance, all directions counting alike, lies between the classes.',
  needs: 'features',
  task: 'classification',
  better: 'higher',
  cost: 'O(n d min(n, d))',
  options: z.strictObject({}),
  score: async (rows, _, context) =>
    hScoreOf(basesOf('h-score', rows, context), requirePart('h-score', rows, 'labels')),
})
