import { z } from 'zod'
import { type Matrix, matrix, rowOf } from '../tensor/index.ts'
import { presentClasses } from './present-classes.ts'
import { checkProbabilities } from './source-probabilities.ts'
import { defineScore, requirePart } from './transferability-score.ts'

/**
 * Log expected empirical prediction: the mean log-likelihood of the target labels under the classifier that draws a
 * source class `z` from the network's probabilities `θ(x)` and then a target class from `P(y | z)`,
 *
 * `1/n Σᵢ log Σ_z P(yᵢ | z) θ(xᵢ)_z`, where `P(y, z) = 1/n Σ_{i: yᵢ = y} θ(xᵢ)_z` and `P(y | z) = P(y, z) / Σ_y P(y, z)`.
 *
 * `probabilities` is `n × z` and `labels` holds `n` target classes; the result is at most 0. Throws `InvalidInputError`
 * for rows that are no distribution and where fewer than two classes have rows.
 *
 * Nguyen, Hassner, Seeger, Archambeau 2020, LEEP: A New Measure to Evaluate Transferability of Learned Representations.
 */
export function leep(probabilities: Matrix, labels: Int32Array): number {
  const classes = presentClasses(labels, probabilities.rows)
  checkProbabilities(probabilities)
  const joint = matrix(classes.count, probabilities.columns)
  const marginal = new Float64Array(probabilities.columns)
  for (let i = 0; i < probabilities.rows; i++) {
    const into = rowOf(joint, classes.of[i]!)
    rowOf(probabilities, i).forEach((value, z) => {
      into[z] = into[z]! + value
      marginal[z] = marginal[z]! + value
    })
  }
  let sum = 0
  for (let i = 0; i < probabilities.rows; i++) {
    const ofClass = rowOf(joint, classes.of[i]!)
    let expected = 0
    rowOf(probabilities, i).forEach((value, z) => {
      if (value > 0) expected += (value * ofClass[z]!) / marginal[z]!
    })
    sum += Math.log(expected)
  }
  return sum / probabilities.rows
}

export const leepScore = defineScore({
  id: 'leep',
  name: 'Log expected empirical prediction',
  paper: {
    authors: 'Nguyen, Hassner, Seeger, Archambeau',
    year: 2020,
    title: 'LEEP: A New Measure to Evaluate Transferability of Learned Representations',
  },
  summary: 'How well the source classes, as the network predicts them, tell the target classes: at most 0.',
  needs: 'source probabilities',
  task: 'classification',
  better: 'higher',
  cost: 'O(n z)',
  options: z.strictObject({}),
  score: async (rows) => leep(requirePart('leep', rows, 'probabilities'), requirePart('leep', rows, 'labels')),
})
