import { identityStage, type Stage } from '../../../onnx/index.ts'
import { sliceRows } from '../../../tensor/index.ts'
import { defineMethod } from '../../method.ts'
import { poolProblem } from '../../rows.ts'
import { adjustedErrors, weightedError } from './adjusted-errors.ts'
import { boostingOptions, boostingRows, hedgeFactor, learn, normalise } from './boosting-rows.ts'
import { medianStage } from './committee-stages.ts'
import { voteOf } from './tradaboost.ts'

/**
 * TrAdaBoost.R2 (Pardoe 2010, algorithm 2): TrAdaBoost for numbers. The errors are `e_i = |y_i − h_t(x_i)| / D`, `D` the
 * largest of them, and with `ε_t = Σ_target w_i e_i / Σ_target w_i`, `β_t = ε_t / (1 − ε_t)`, `β = 1 / (1 + √(2 ln n / N))`
 *
 * - source: `w_i ← w_i β^e_i`; target: `w_i ← w_i β_t^−e_i`
 *
 * It ends before a round with `ε_t ≥ ½` (which counts if it is the first), and after one without any error. The prediction is
 * the median of the second half of the rounds, weighted by `ln(1/β_t)`.
 */
export const tradaboostR2 = defineMethod({
  id: 'tradaboost-r2',
  name: 'TrAdaBoost.R2',
  family: 'instance',
  paper: { authors: 'Pardoe, Stone', year: 2010, title: 'Boosting for Regression Transfer' },
  summary: 'TrAdaBoost for numbers: source rows lose weight by their error, target rows gain.',
  cost: 'that of the classifier, in every round',
  needs: { sourceLabels: 'some', targetLabels: 'some', features: 'same', task: 'regression', memory: 'linear' },
  options: boostingOptions,
  async fit(problem, { rounds, weighting }, context) {
    const pooled = poolProblem(problem)
    const rows = boostingRows(pooled)
    const weights = new Float64Array(rows.labels.length).fill(1 / rows.labels.length)
    const hedge = Math.log(hedgeFactor(rows.sources, rounds))
    const members: Stage[] = []
    const votes: number[] = []
    let error = 0
    for (let t = 1; t <= rounds; t++) {
      const member = await learn(rows, weights, weighting, context, context.random.fork(`round ${t}`))
      const errors = await adjustedErrors(context.runtime, member, rows, weights)
      const own = weightedError(weights, errors, rows.sources)
      if (own >= 0.5 && members.length > 0) break
      error = own
      const vote = voteOf(error, 2)
      members.push(member)
      votes.push(vote)
      if (error === 0 || error >= 0.5) break
      for (let i = 0; i < weights.length; i++) weights[i] *= Math.exp((i < rows.sources ? hedge : vote) * errors[i])
      normalise(weights)
      context.progress(t, rounds)
    }
    const first = Math.ceil(members.length / 2) - 1
    return {
      source: pooled.source.features,
      target: sliceRows(pooled.target.features, 0, pooled.unlabelled),
      embed: identityStage,
      classifier: medianStage(members.slice(first), votes.slice(first)),
      facts: { rounds: members.length, lastTargetError: error },
    }
  },
})
