import { InvalidInputError } from '../../errors.ts'
import { aroundAxis } from '../indexing.ts'
import { type Call, describe, input, type Kernels, textOf } from '../kernel.ts'
import { type Value, value } from '../value.ts'

/** Losses of class scores, `N × C` or `N × C × d₁ × …`, for labels `N` or `N × d₁ × …`. */
export const losses: Kernels = {
  NegativeLogLikelihoodLoss: (call) => [negativeLogLikelihood(call, input(call, 0))],

  SoftmaxCrossEntropyLoss: (call) => {
    const logProbabilities = logSoftmax(input(call, 0))
    return [negativeLogLikelihood(call, logProbabilities), logProbabilities]
  },
}

/**
 * Each label's negative log probability, weighed by its class; labels that equal `ignore_index` have weight 0. The mean is
 * the sum divided by the sum of the weights.
 */
function negativeLogLikelihood(call: Call, logProbabilities: Value): Value {
  const labels = input(call, 1)
  const weights = call.inputs[2]?.data
  const ignored = call.node.attributes.ignore_index
  const { length: classes, inner } = aroundAxis(logProbabilities.dims, 1)
  const each = value('float', labels.dims)
  let sum = 0
  let total = 0
  for (const [i, label] of labels.data.entries()) {
    if (ignored?.type === 'int' && label === Number(ignored.value)) continue
    if (label < 0 || label >= classes) {
      throw new InvalidInputError(`${describe(call.node)} has the label ${label} for ${classes} classes`)
    }
    const n = Math.floor(i / inner)
    const weight = weights?.[label] ?? 1
    each.data[i] = -logProbabilities.data[(n * classes + label) * inner + (i % inner)] * weight
    sum += each.data[i]
    total += weight
  }
  const reduction = textOf(call, 'reduction', 'mean')
  if (reduction === 'none') return each
  return value('float', [], Float64Array.of(reduction === 'sum' ? sum : sum / total))
}

/** The logarithm of the softmax over the classes, axis 1. */
function logSoftmax({ dims, data }: Value): Value {
  const { outer, length: classes, inner } = aroundAxis(dims, 1)
  const result = value('float', dims)
  for (let n = 0; n < outer; n++) {
    for (let i = 0; i < inner; i++) {
      const start = n * classes * inner + i
      const end = start + classes * inner
      let most = -Infinity
      for (let at = start; at < end; at += inner) most = Math.max(most, data[at])
      let sum = 0
      for (let at = start; at < end; at += inner) sum += Math.exp(data[at] - most)
      const norm = most + Math.log(sum)
      for (let at = start; at < end; at += inner) result.data[at] = data[at] - norm
    }
  }
  return result
}
