import { int } from '../../onnx/index.ts'
import { defineRule } from '../rule.ts'
import type { TypedValue } from '../typed-value.ts'
import { classShares } from './class-shares.ts'

/**
 * `−ln pₗ` with `p` the softmax of the scores and `l` the label of each example, weighted: `∂scores = share (p − e_l)`;
 * see `classShares`. The output `log_prob` adds `∂log_prob − p Σ ∂log_prob`.
 */
export const softmaxCrossEntropyLoss = defineRule({
  operator: 'SoftmaxCrossEntropyLoss',
  through: ['scores'],
  limits: 'the class weights are constant',
  backward(call) {
    const { ops, inputs, outputs, gradients } = call
    const [byLoss, byLogProbability] = gradients
    const logarithm = outputs[1]
    const probabilities = logarithm ? ops.unary('Exp', logarithm) : ops.unary('Softmax', inputs[0]!, { axis: int(1) })
    const parts: TypedValue[] = []
    if (byLoss !== undefined) {
      const { targets, share } = classShares(call, byLoss)
      parts.push(ops.mul(ops.sub(probabilities, targets), share))
    }
    if (byLogProbability !== undefined) {
      const total = ops.reduce('ReduceSum', byLogProbability, [1], true)
      parts.push(ops.sub(byLogProbability, ops.mul(probabilities, total)))
    }
    return [ops.sum(parts)]
  },
})
