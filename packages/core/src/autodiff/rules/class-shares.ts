import { InvalidInputError } from '../../errors.ts'
import { describeNode, intOf, textOf } from '../../onnx/index.ts'
import { integerTensor, sizeOf } from '../../tensor/index.ts'
import type { Backward } from '../rule.ts'
import type { TypedValue } from '../typed-value.ts'

/** How a loss over scores `N × C × …` and their labels `N × …` depends on each example. */
export interface ClassShares {
  /** `N × C × …`: 1 at the label of an example, 0 elsewhere and for ignored ones. */
  readonly targets: TypedValue
  /** `N × 1 × …`, or a scalar: the gradient by the negative logarithm of the probability of the label. */
  readonly share: TypedValue
}

/**
 * The shares of a node with the inputs scores, labels and, perhaps, weights of the classes, by the gradient of its loss.
 * An example counts by the weight of its class, and not at all where its label is `ignore_index`; `reduction` mean is
 * the sum divided by the sum of these weights. Throws `InvalidInputError` where the gradient by the weights is wanted.
 */
export function classShares({ ops, node, inputs, wants }: Backward, gradient: TypedValue): ClassShares {
  const [scores, labels, weights] = inputs as [TypedValue, TypedValue, TypedValue | undefined]
  if (wants(2)) {
    throw new InvalidInputError(`${describeNode(node)} has weights that depend on a parameter: choose fixed ones`)
  }
  const [batch, count] = scores.dims as [number, number]
  const space = scores.dims.slice(2)
  const beside = [batch, 1, ...space]
  const alongClasses = [1, count, ...space.map(() => 1)]

  const ignored = node.attributes.ignore_index === undefined ? undefined : intOf(node, 'ignore_index', 0)
  // An ignored class gets a number that no label has.
  const classes = Array.from({ length: count }, (_, c) => (c === ignored ? count : c))
  const same = ops.compare(
    'Equal',
    ops.reshape(ops.cast(labels, 'int64'), beside),
    ops.reshape(ops.constant(integerTensor(classes)), alongClasses),
  )
  const targets = ops.indicator(same, scores)
  const weighted = weights === undefined ? targets : ops.mul(targets, ops.reshape(weights, alongClasses))
  const counts =
    weights === undefined && ignored === undefined ? undefined : ops.reduce('ReduceSum', weighted, [1], true)

  const reduction = textOf(node, 'reduction', 'mean')
  const arrived = reduction === 'none' ? ops.reshape(gradient, beside) : ops.reshape(gradient, [])
  const total = counts && ops.reduce('ReduceSum', counts, [...beside.keys()], false)
  const each = reduction !== 'mean' ? arrived : total ? ops.div(arrived, total) : ops.scale(arrived, 1 / sizeOf(beside))
  return { targets, share: counts ? ops.mul(counts, each) : each }
}
