import { InvalidInputError } from '../../errors.ts'
import { type Attribute, describeNode, textOf } from '../../onnx/index.ts'
import type { Backward } from '../rule.ts'
import type { TypedValue } from '../typed-value.ts'
import { zeros } from './pad-along.ts'

/**
 * The gradients of writing `updates` to places of `data`: by the updates what stands at their places, gathered; by the
 * data zero at those places, or everything where updates are added.
 */
export function scatterGradients(
  { node, ops, inputs, gradients, wants }: Backward,
  gatherOperator: string,
  axis?: Attribute,
): (TypedValue | undefined)[] {
  const reduction = textOf(node, 'reduction', 'none')
  if (reduction !== 'none' && reduction !== 'add') {
    throw new InvalidInputError(
      `${describeNode(node)} has the reduction "${reduction}": a gradient passes "none" and "add" only`,
    )
  }
  const [gradient, indices, updates] = [gradients[0]!, inputs[1]!, inputs[2]!]
  const attributes = axis === undefined ? {} : { axis }
  const byData = () =>
    reduction === 'add'
      ? gradient
      : ops.node(node.op, [gradient, indices, zeros(ops, updates, updates.dims)], gradient, attributes)
  return [
    wants(0) ? byData() : undefined,
    undefined,
    wants(2) ? ops.node(gatherOperator, [gradient, indices], updates, attributes) : undefined,
  ]
}
