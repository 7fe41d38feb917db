import { z } from 'zod'
import { InvalidInputError } from '../errors.ts'
import type { Runtime } from '../runtime/index.ts'
import { type Matrix, matrix, takeRows } from '../tensor/index.ts'
import { centredRows } from './centred-rows.ts'
import { codingRate } from './coding-rate.ts'
import { checkFinite, presentClasses } from './present-classes.ts'
import { defineScore, requirePart } from './transferability-score.ts'

export interface TransRateOptions {
  /** `ε`: the distortion up to which rows are coded; default 1e-4. */
  readonly epsilon?: number
  /** Whether the centred rows are first scaled to `tr ZᵀZ = 1`, which makes networks comparable; default true. */
  readonly scaled?: boolean
}

/**
 * Coding rate of the features less the mean of their rates within classes, `R(Z, ε) − 1/C Σ_c R(Z_c, ε)`, `Z` being the
 * rows less their mean and `Z_c` those of class `c`, whose own mean stays in. It estimates the mutual information of
 * features (`n × d`) and labels (`n`), in nats. Throws `InvalidInputError` for infinite features, an `ε` that is not
 * positive, and where fewer than two classes have rows.
 *
 * Huang, Huang, Rong, Yang, Wei 2022, Frustratingly Easy Transferability Estimation.
 */
export async function transRate(
  runtime: Runtime,
  features: Matrix,
  labels: Int32Array,
  { epsilon = 1e-4, scaled = true }: TransRateOptions = {},
): Promise<number> {
  if (!(epsilon > 0 && epsilon < Number.POSITIVE_INFINITY)) {
    throw new InvalidInputError(`the distortion is a positive number, got ${epsilon}`)
  }
  const { count, of } = presentClasses(labels, features.rows)
  checkFinite('features', features)
  const centred = centredRows(features)
  const rows = scaled ? unitTrace(centred) : centred
  let within = 0
  for (let c = 0; c < count; c++) {
    const ofClass = Array.from(of.keys()).filter((i) => of[i] === c)
    within += await codingRate(runtime, takeRows(rows, ofClass), epsilon)
  }
  return (await codingRate(runtime, rows, epsilon)) - within / count
}

/** Scales to a sum of squares of 1; zeros stay zeros. */
function unitTrace({ rows, columns, data }: Matrix): Matrix {
  const largest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  if (largest === 0) return { rows, columns, data }
  const norm = Math.sqrt(data.reduce((sum, value) => sum + (value / largest) ** 2, 0))
  return matrix(
    rows,
    columns,
    data.map((value) => value / largest / norm),
  )
}

export const transRateScore = defineScore({
  id: 'transrate',
  name: 'TransRate',
  paper: {
    authors: 'Huang, Huang, Rong, Yang, Wei',
    year: 2022,
    title: 'Frustratingly Easy Transferability Estimation',
  },
  summary: 'How many more nats all features take to code than those of one class: their information on the labels.',
  needs: 'features',
  task: 'classification',
  better: 'higher',
  cost: 'O(n d min(n, d))',
  options: z.strictObject({
    epsilon: z.number().positive().default(1e-4).describe('distortion of the code: larger sees coarser structure only'),
    scaled: z
      .boolean()
      .default(true)
      .describe(
        'scale the centred rows to a sum of squares of 1, so that the units of a network’s features do not count',
      ),
  }),
  score: (rows, options, { runtime }) =>
    transRate(runtime, requirePart('transrate', rows, 'features'), requirePart('transrate', rows, 'labels'), options),
})
