import { identityStage, type Stage } from '../../../onnx/index.ts'
import { applyStages } from '../../../runtime/index.ts'
import { sliceRows } from '../../../tensor/index.ts'
import { defineMethod } from '../../method.ts'
import { poolProblem, predictedClasses } from '../../rows.ts'
import { type BoostingRows, boostingOptions, boostingRows, hedgeFactor, learn, normalise } from './boosting-rows.ts'
import { voteStage } from './committee-stages.ts'

/** An error of zero would give a round a vote of infinite weight. */
const LEAST_ERROR = 1e-10

/**
 * TrAdaBoost (Dai 2007, algorithm 1). With `n` source rows, `m` labelled target rows and `N` rounds, in round `t` the
 * classifier learns from all rows by their weights `w`, and with `wrong_i` 1 where it errs
 *
 * - `ε_t = Σ_target w_i wrong_i / Σ_target w_i`, `β_t = ε_t / (1 − ε_t)`, `β = 1 / (1 + √(2 ln n / N))`
 * - source: `w_i ← w_i β^wrong_i`; target: `w_i ← w_i β_t^−wrong_i`
 *
 * Source rows that contradict the target lose weight, difficult target rows gain. Rounds `⌈N/2⌉` to `N` vote with weights
 * `ln(1/β_t)`.
 *
 * The paper has two classes. With `K`, `β_t = ε_t / ((1 − ε_t)(K − 1))`, as in SAMME (Zhu 2009): a round is better than chance
 * where `ε_t < 1 − 1/K`, and for `K = 2` nothing changes. The paper requires rounds to be better than chance; one that is
 * not has no vote here, and leaves the target's weights alone.
 */
export const tradaboost = defineMethod({
  id: 'tradaboost',
  name: 'TrAdaBoost',
  family: 'instance',
  paper: { authors: 'Dai, Yang, Xue, Yu', year: 2007, title: 'Boosting for Transfer Learning' },
  summary: 'Boosts target rows that are hard to learn, and takes weight from source rows that contradict the target.',
  cost: 'that of the classifier, in every round',
  needs: { sourceLabels: 'some', targetLabels: 'some', features: 'same', task: 'classification', memory: 'linear' },
  options: boostingOptions,
  async fit(problem, { rounds, weighting }, context) {
    const pooled = poolProblem(problem)
    const rows = boostingRows(pooled)
    const weights = new Float64Array(rows.labels.length).fill(1 / rows.labels.length)
    const kinds = new Set(rows.labels).size
    const hedge = hedgeFactor(rows.sources, rounds)
    const members: Stage[] = []
    const votes: number[] = []
    let error = 0
    for (let t = 1; t <= rounds; t++) {
      const member = await learn(rows, weights, weighting, context, context.random.fork(`round ${t}`))
      const predicted = predictedClasses(await applyStages(context.runtime, [member], rows.features))
      const wrong = rows.labels.map((label, i) => Number(predicted[i] !== label))
      error = targetError(rows, weights, wrong)
      const vote = voteOf(error, kinds)
      if (t >= Math.ceil(rounds / 2)) {
        members.push(member)
        votes.push(vote)
      }
      for (let i = 0; i < weights.length; i++) {
        if (wrong[i] === 1) weights[i] *= i < rows.sources ? hedge : Math.exp(vote)
      }
      normalise(weights)
      context.progress(t, rounds)
    }
    return {
      source: pooled.source.features,
      target: sliceRows(pooled.target.features, 0, pooled.unlabelled),
      embed: identityStage,
      classifier: voteStage(members, votes, pooled.classes),
      facts: { lastTargetError: error, sourceWeight: sourceWeight(rows, weights) },
    }
  },
})

/** `ln(1/β_t)`: what a round's vote weighs; 0 where the round is no better than chance among `kinds` classes. */
export function voteOf(error: number, kinds: number): number {
  const least = Math.max(error, LEAST_ERROR)
  return Math.max(0, Math.log((1 - least) / least) + Math.log(Math.max(1, kinds - 1)))
}

/** The weighted error on the target's rows. */
function targetError({ sources }: BoostingRows, weights: Float64Array, wrong: ArrayLike<number>): number {
  let [sum, total] = [0, 0]
  for (let i = sources; i < weights.length; i++) {
    sum += weights[i] * wrong[i]
    total += weights[i]
  }
  return sum / total
}

/** The source's share of all weight. */
const sourceWeight = ({ sources }: BoostingRows, weights: Float64Array): number =>
  weights.subarray(0, sources).reduce((sum, weight) => sum + weight, 0)
