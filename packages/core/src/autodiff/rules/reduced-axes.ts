import { InvalidInputError } from '../../errors.ts'
import { describeNode, intOf } from '../../onnx/index.ts'
import type { Backward } from '../rule.ts'
import { frontAxis, type TypedValue } from '../typed-value.ts'

/** What a reduction node does to the shape of its input. */
export interface ReducedAxes {
  /** Counted from the front; none where the node leaves every number by itself. */
  readonly axes: readonly number[]
  /** The shape of the input with 1 for every reduced axis: a reshape of the output that broadcasts to the input. */
  readonly kept: readonly number[]
  /** How many numbers one of the output is made of. */
  readonly count: number
}

/** The axes of a reduction node; throws `InvalidInputError` where they may change from run to run. */
export function reducedAxes({ node, inputs, known }: Backward): ReducedAxes {
  const { dims } = inputs[0]!
  const given = known(inputs[1])
  if (inputs[1] !== undefined && given === undefined) {
    throw new InvalidInputError(
      `the axes of ${describeNode(node)} are computed from inputs: only constant axes can be differentiated`,
    )
  }
  const numbers = given === undefined ? [] : Array.from(given.data as BigInt64Array, Number)
  const named = numbers.map((axis) => frontAxis(axis, dims.length))
  const all = named.length === 0 && intOf(node, 'noop_with_empty_axes', 0) === 0
  const axes = all ? [...dims.keys()] : [...new Set(named)]
  const kept = dims.map((dim, axis) => (axes.includes(axis) ? 1 : dim))
  return { axes, kept, count: axes.reduce((product, axis) => product * dims[axis]!, 1) }
}

/** The parts of most reductions' gradients. */
export interface ReductionParts extends ReducedAxes {
  readonly x: TypedValue
  /** The output, and its gradient, in the shape `kept`. */
  readonly y: TypedValue
  readonly gradient: TypedValue
}

/** The input, output and gradient of a reduction node, in shapes that broadcast with each other. */
export function reductionParts(call: Backward): ReductionParts {
  const { ops, inputs, outputs, gradients } = call
  const reduced = reducedAxes(call)
  return {
    ...reduced,
    x: inputs[0]!,
    y: ops.reshape(outputs[0]!, reduced.kept),
    gradient: ops.reshape(gradients[0]!, reduced.kept),
  }
}
