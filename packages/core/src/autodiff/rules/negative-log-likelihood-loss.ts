import { defineRule } from '../rule.ts'
import { classShares } from './class-shares.ts'

/** `−input` at the label of each example, weighted: `∂input = −share` there, zero elsewhere; see `classShares`. */
export const negativeLogLikelihoodLoss = defineRule({
  operator: 'NegativeLogLikelihoodLoss',
  through: ['input'],
  limits: 'the class weights are constant',
  backward(call) {
    const { ops, gradients } = call
    const { targets, share } = classShares(call, gradients[0]!)
    return [ops.mul(targets, ops.neg(share))]
  },
})
