import { z } from 'zod'
import { InvalidInputError } from '../errors.ts'
import { presentClasses } from './present-classes.ts'
import { checkProbabilities, likeliestClasses } from './source-probabilities.ts'
import { defineScore, requirePart } from './transferability-score.ts'

/**
 * Negative conditional entropy of the target labels given source labels of the same rows, in nats:
 *
 * `Σ_{y, z} P(y, z) log P(y | z)`, with the shares of rows as probabilities; at most 0, and 0 where the source label
 * decides the target label. A network's most probable classes serve as source labels, as in Nguyen et al. 2020.
 *
 * `sourceLabels` and `labels` hold `n` whole numbers each. Throws `InvalidInputError` where their lengths differ and
 * where fewer than two target classes have rows.
 *
 * Tran, Nguyen, Hassner 2019, Transferability and Hardness of Supervised Classification Tasks.
 */
export function negativeConditionalEntropy(sourceLabels: Int32Array, labels: Int32Array): number {
  if (sourceLabels.length !== labels.length) {
    throw new InvalidInputError(
      `got ${sourceLabels.length} source labels and ${labels.length} target labels: give as many`,
    )
  }
  const { of } = presentClasses(labels, labels.length)
  const marginal = new Map<number, number>()
  const joint = new Map<string, { source: number; count: number }>()
  sourceLabels.forEach((source, i) => {
    marginal.set(source, (marginal.get(source) ?? 0) + 1)
    const key = `${source} ${of[i]}`
    joint.set(key, { source, count: (joint.get(key)?.count ?? 0) + 1 })
  })
  let sum = 0
  for (const { source, count } of joint.values()) sum += count * Math.log(count / marginal.get(source)!)
  return sum / labels.length
}

export const nceScore = defineScore({
  id: 'nce',
  name: 'Negative conditional entropy',
  paper: {
    authors: 'Tran, Nguyen, Hassner',
    year: 2019,
    title: 'Transferability and Hardness of Supervised Classification Tasks',
  },
  summary: 'How surely the network’s most probable source class tells the target class, in nats: at most 0.',
  needs: 'source probabilities',
  task: 'classification',
  better: 'higher',
  cost: 'O(n z)',
  options: z.strictObject({}),
  score: async (rows) => {
    const probabilities = requirePart('nce', rows, 'probabilities')
    checkProbabilities(probabilities)
    return negativeConditionalEntropy(likeliestClasses(probabilities), requirePart('nce', rows, 'labels'))
  },
})
