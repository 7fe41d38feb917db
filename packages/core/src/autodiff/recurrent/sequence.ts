import type { Node } from '../../onnx/index.ts'
import type { Ops } from '../ops.ts'
import type { TypedValue } from '../typed-value.ts'
import type { Activation } from './activation.ts'

/**
 * One direction of a recurrent layer on its way back: `T` steps of `B` examples, `I` input and `H` hidden numbers, `G`
 * gates. Values of all steps are matrices of `T·B` rows, those of one step together.
 */
export interface Sequence {
  readonly ops: Ops
  readonly node: Node
  readonly steps: number
  readonly batch: number
  readonly hidden: number
  /** The steps in the order in which the layer takes them. */
  readonly order: readonly number[]
  readonly activations: readonly Activation[]
  /** `T·B × I` */
  readonly inputs: TypedValue
  /** `G·H × I` */
  readonly weights: TypedValue
  /** `G·H × H` */
  readonly recurrent: TypedValue
  /** The bias of the inputs' products and that of the recurrent ones, `G·H` each. */
  readonly bias: readonly [TypedValue, TypedValue] | undefined
  /** The hidden states that the layer gave, `T·B × H`. */
  readonly outputs: TypedValue
  /** `B × H`; undefined for zeros. */
  readonly firstHidden: TypedValue | undefined
  readonly firstCell: TypedValue | undefined
  /** For the gates i, o and f, `3·H`. */
  readonly peepholes: TypedValue | undefined
  /** 1 at steps within an example's sequence and 0 beyond, `T·B × 1`; undefined where all are within. */
  readonly within: TypedValue | undefined
  /** The loss' gradient by `outputs`. */
  readonly byOutputs: TypedValue | undefined
  /** The loss' gradients by the last states, `B × H`. */
  readonly byLastHidden: TypedValue | undefined
  readonly byLastCell: TypedValue | undefined
}

/** Zeros, `B × H`. */
export const noState = ({ ops, batch, hidden, inputs }: Sequence): TypedValue =>
  ops.expand(ops.scalar(0, inputs), [batch, hidden])

/** The rows of each step. */
export function stepsOf({ ops, steps, batch }: Sequence, x: TypedValue): TypedValue[] {
  if (steps === 1) return [x]
  const each = Array.from({ length: steps }, () => batch)
  return ops.nodes(
    'Split',
    [x, ops.integers(each)],
    each.map((rows) => ({ dims: [rows, x.dims[1]!] })),
  )
}

/** The inputs' products with their weights, `T·B × G·H`, with `bias`. */
export const inputProducts = ({ ops, inputs, weights }: Sequence, bias: TypedValue | undefined): TypedValue =>
  ops.gemm(inputs, weights, { transB: true, ...(bias && { c: bias }) })

/** `1 − x` */
export const complement = (ops: Ops, x: TypedValue): TypedValue => ops.sub(ops.scalar(1, x), x)

/** `x` within the sequences, and 0 beyond. */
export const masked = ({ ops, within }: Sequence, x: TypedValue): TypedValue =>
  within === undefined ? x : ops.mul(x, within)

/** `x` within the sequences, and 1 beyond: a factor of a state that steps beyond the end do not change. */
export const kept = ({ ops, within }: Sequence, x: TypedValue): TypedValue =>
  within === undefined ? x : ops.add(ops.mul(x, within), complement(ops, within))

/**
 * The hidden state that each step starts from, `T·B × H`; of no meaning at steps beyond an example's end. A layer that runs
 * backwards starts at that end, and there the outputs are zeros to which the first state can be added.
 */
export function hiddensBefore(sequence: Sequence): TypedValue {
  const { ops, steps, batch, order, outputs, firstHidden, within } = sequence
  const first = firstHidden ?? noState(sequence)
  if (steps === 1) return first
  const rows = steps * batch
  if (order[0] === 0) return ops.concat([first, ops.slice(outputs, [{ axis: 0, start: 0, end: rows - batch }])], 0)
  const next = [{ axis: 0, start: batch, end: rows }]
  const later = ops.slice(outputs, next)
  if (within === undefined || firstHidden === undefined) return ops.concat([later, first], 0)
  const beyond = ops.reshape(complement(ops, ops.slice(within, next)), [steps - 1, batch, 1])
  const starts = ops.reshape(ops.mul(beyond, firstHidden), later.dims)
  return ops.concat([ops.add(later, starts), first], 0)
}
