import { z } from 'zod'
import { InvalidInputError } from '../errors.ts'
import { multiply } from '../linalg/index.ts'
import type { Runtime } from '../runtime/index.ts'
import { type Matrix, matrix } from '../tensor/index.ts'
import { maximumEvidence } from './evidence.ts'
import { type FeatureBases, featureBases } from './feature-bases.ts'
import { checkFinite, presentClasses } from './present-classes.ts'
import { basesOf, defineScore, requirePart } from './transferability-score.ts'

/** A remainder below this share of `‖y‖²` is rounding: `y` is a linear function of the features. */
const ROUNDING = 1e-24

/**
 * Logarithm of maximum evidence: how probable the targets `values` (`n × t`) are under a Bayesian linear model of the
 * features (`n × d`) whose two precisions are chosen to make them most probable, per row, `1/n · maxₐᵦ log p(y | F, α, β)`,
 * and averaged over the columns. The features are taken as they are; their scale does not matter. Throws
 * `InvalidInputError` for infinite values, for rows that do not match and for a column of zeros.
 *
 * You, Liu, Wang, Long 2021, LogME: Practical Assessment of Pre-trained Models for Transfer Learning; the iteration over
 * the ratio of the precisions in singular values is that of You, Liu, Zhang, Wang, Jordan, Long 2022, Ranking and Tuning
 * Pre-trained Models.
 */
export async function logmeOfValues(runtime: Runtime, features: Matrix, values: Matrix): Promise<number> {
  return meanEvidence(runtime, featureBases(runtime, features), values)
}

/** LogME of classes: of each present class's membership (1 or 0) as a target, averaged over them; see `logmeOfValues`. */
export async function logme(runtime: Runtime, features: Matrix, labels: Int32Array): Promise<number> {
  return meanEvidence(runtime, featureBases(runtime, features), memberships(labels, features.rows))
}

/** 1 where a row is of a present class, else 0: `n × C`. */
function memberships(labels: Int32Array, rows: number): Matrix {
  const { count, of } = presentClasses(labels, rows)
  const result = matrix(rows, count)
  of.forEach((label, i) => {
    result.data[i * count + label] = 1
  })
  return result
}

async function meanEvidence(runtime: Runtime, bases: FeatureBases, values: Matrix): Promise<number> {
  const { rows, columns } = values
  if (rows !== bases.features.rows) {
    throw new InvalidInputError(`got features of ${bases.features.rows} rows and values of ${rows}: give as many`)
  }
  checkFinite('values', values)
  const { u, squares } = await bases.raw()
  const inside = squares.length === 0 ? matrix(0, columns) : await multiply(runtime, u, values, { a: true })
  const reached = squares.length === 0 ? matrix(rows, columns) : await multiply(runtime, u, inside)
  let sum = 0
  for (let j = 0; j < columns; j++) {
    let length = 0
    let beyond = 0
    for (let i = j; i < values.data.length; i += columns) {
      length += values.data[i] ** 2
      beyond += (values.data[i] - reached.data[i]) ** 2
    }
    if (length === 0) throw new InvalidInputError('a column of values is all 0: leave it out', { column: j + 1 })
    if (squares.length === rows || beyond < ROUNDING * length) beyond = 0
    const along = Float64Array.from(squares, (_, k) => inside.data[k * columns + j] ** 2)
    sum += maximumEvidence({ rows, squares, along, beyond }).logEvidence / rows
  }
  return sum / columns
}

export const logmeScore = defineScore({
  id: 'logme',
  name: 'Logarithm of maximum evidence',
  paper: {
    authors: 'You, Liu, Wang, Long',
    year: 2021,
    title: 'LogME: Practical Assessment of Pre-trained Models for Transfer Learning',
  },
  summary: 'How probable the labels or values are under the best Bayesian linear model of the features, per row.',
  needs: 'features',
  task: 'either',
  better: 'higher',
  cost: 'O(n d min(n, d))',
  options: z.strictObject({}),
  score: async (rows, _, context) => {
    const bases = basesOf('logme', rows, context)
    const values = rows.values ?? memberships(requirePart('logme', rows, 'labels'), bases.features.rows)
    return meanEvidence(context.runtime, bases, values)
  },
})
