import { z } from 'zod'
import { InvalidInputError } from '../errors.ts'
import type { Runtime } from '../runtime/index.ts'
import type { Matrix } from '../tensor/index.ts'
import { sharesBetween } from './class-shares.ts'
import { type FeatureBases, featureBases } from './feature-bases.ts'
import { ledoitWolf } from './ledoit-wolf.ts'
import { presentClasses } from './present-classes.ts'
import { basesOf, defineScore, requirePart } from './transferability-score.ts'

/**
 * H-score with a shrunk covariance: `tr(Σ_α⁻¹ (1 − α) cov(E[f | y]))`, `Σ_α = (1 − α) cov(f) + α σ I`, `σ` being the mean
 * variance of a feature; `shrinkage` is `α`, by Ledoit and Wolf's estimate where it is null. Of features `n × d` and `n`
 * labels; from 0 to the number of classes less 1. Unlike the plain H-score it tells features apart where the rows are
 * fewer than the features. Throws `InvalidInputError` for infinite features and where fewer than two classes have rows.
 *
 * Ibrahim, Ponomareva, Mazumder 2021, Newer Is Not Always Better: Rethinking Transferability Metrics, Their Peculiarities,
 * Stability and Performance.
 */
export const shrunkHScore = (
  runtime: Runtime,
  features: Matrix,
  labels: Int32Array,
  shrinkage: number | null = null,
): Promise<number> => shrunkHScoreOf(featureBases(runtime, features), labels, shrinkage)

async function shrunkHScoreOf(bases: FeatureBases, labels: Int32Array, shrinkage: number | null): Promise<number> {
  if (shrinkage !== null && !(shrinkage >= 0 && shrinkage <= 1)) {
    throw new InvalidInputError(`a shrinkage is from 0 to 1, got ${shrinkage}`)
  }
  const classes = presentClasses(labels, bases.features.rows)
  const { u, squares, rows } = await bases.centred()
  const { weight: estimate, level } = ledoitWolf(rows, squares)
  const weight = shrinkage ?? estimate
  let score = 0
  sharesBetween(u, classes).forEach((share, k) => {
    const shrunk = ((1 - weight) * squares[k]) / rows.rows
    score += (share * shrunk) / (shrunk + weight * level)
  })
  return score
}

export const shrunkHScoreEntry = defineScore({
  id: 'shrunk-h-score',
  name: 'H-score with shrinkage',
  paper: {
    authors: 'Ibrahim, Ponomareva, Mazumder',
    year: 2021,
    title:
      'Newer Is Not Always Better: Rethinking Transferability Metrics, Their Peculiarities, Stability and Performance',
  },
  summary: 'The H-score under a covariance that is drawn towards a sphere: also for fewer rows than features.',
  needs: 'features',
  task: 'classification',
  better: 'higher',
  cost: 'O(n d min(n, d))',
  options: z.strictObject({
    shrinkage: z
      .number()
      .min(0)
      .max(1)
      .nullable()
      .default(null)
      .describe('how far the covariance is drawn towards a sphere: larger trusts it less; null: by Ledoit and Wolf'),
  }),
  score: async (rows, { shrinkage }, context) =>
    shrunkHScoreOf(basesOf('shrunk-h-score', rows, context), requirePart('shrunk-h-score', rows, 'labels'), shrinkage),
})
