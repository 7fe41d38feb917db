import { InvalidInputError } from '../../errors.ts'
import { describeNode, floatOf, intOf, textOf } from '../../onnx/index.ts'
import type { Backward } from '../rule.ts'
import type { TypedValue } from '../typed-value.ts'
import { activationsOf } from './activation.ts'
import type { Cell } from './cell.ts'
import type { Sequence } from './sequence.ts'

/** The longest sequence that is differentiated: the gradient has about ten nodes for each step and direction. */
export const MOST_STEPS = 1000

/** What is not differentiated, for the documents. */
export const LIMITS = `no clip; layout 0; at most ${MOST_STEPS} steps`

/**
 * The directions of a recurrent layer. Inputs: X `T × B × I`, W `D × G·H × I`, R `D × G·H × H`, B `D × 2·G·H`, sequence_lens
 * `B`, initial_h and initial_c `D × B × H`, P `D × 3·H`. Throws `InvalidInputError` for the forms in `LIMITS`.
 */
export function sequencesOf(call: Backward, cell: Cell): Sequence[] {
  checkForm(call)
  const { ops, node, inputs, outputs, gradients } = call
  const [x, , recurrent] = [inputs[0]!, inputs[1], inputs[2]!]
  const [steps, batch, size] = x.dims as [number, number, number]
  const [directions, , hidden] = recurrent.dims as [number, number, number]
  const rows = steps * batch
  const own = (value: TypedValue, axis: number, at: number): TypedValue =>
    directions === 1 ? value : ops.slice(value, [{ axis, start: at, end: at + 1 }])
  const part = (value: TypedValue | undefined, at: number): TypedValue | undefined =>
    value && ops.reshape(own(value, 0, at), value.dims.slice(1))
  const allSteps = (value: TypedValue | undefined, at: number): TypedValue | undefined =>
    value && ops.reshape(own(value, 1, at), [rows, hidden])
  const halves = (bias: TypedValue | undefined): Sequence['bias'] => {
    const width = cell.gates * hidden
    const half = (start: number) => ops.slice(bias!, [{ axis: 0, start, end: start + width }])
    return bias && [half(0), half(width)]
  }
  const within = withinSequences(call)
  const activations = activationsOf(node, cell.activations, directions)
  const rowsOfInputs = ops.reshape(x, [rows, size])
  return Array.from({ length: directions }, (_, at) => {
    const forward = Array.from({ length: steps }, (_, step) => step)
    return {
      ops,
      node,
      steps,
      batch,
      hidden,
      order: at === 1 || textOf(node, 'direction', 'forward') === 'reverse' ? forward.reverse() : forward,
      activations: activations.slice(at * cell.activations.length, (at + 1) * cell.activations.length),
      inputs: rowsOfInputs,
      weights: part(inputs[1], at)!,
      recurrent: part(recurrent, at)!,
      bias: halves(part(inputs[3], at)),
      outputs: allSteps(outputs[0], at)!,
      firstHidden: part(inputs[5], at),
      firstCell: part(inputs[6], at),
      peepholes: part(inputs[7], at),
      within,
      byOutputs: allSteps(gradients[0], at),
      byLastHidden: part(gradients[1], at),
      byLastCell: part(gradients[2], at),
    }
  })
}

function checkForm({ node, inputs, outputs }: Backward): void {
  const refuse = (what: string) => {
    throw new InvalidInputError(`${describeNode(node)} ${what}`)
  }
  if (floatOf(node, 'clip', 0) > 0) refuse('has the attribute clip, which cannot be differentiated')
  if (intOf(node, 'layout', 0) !== 0) refuse('has layout 1: only layout 0 (steps first) can be differentiated')
  const steps = inputs[0]!.dims[0]!
  if (steps > MOST_STEPS) {
    refuse(`goes through ${steps} steps: at most ${MOST_STEPS} can be differentiated; cut the sequences`)
  }
  if (outputs[0] === undefined) refuse('does not give its output Y, which its gradient is made of')
}

/** 1 at an example's steps and 0 beyond its end, `T·B × 1`; undefined where the lengths are known to be `T`. */
function withinSequences({ ops, inputs, known }: Backward): TypedValue | undefined {
  const lengths = inputs[4]
  if (lengths === undefined) return undefined
  const [steps, batch] = inputs[0]!.dims as [number, number, number]
  const stored = known(lengths)
  if (stored !== undefined && Array.from(stored.data as Int32Array).every((length) => length >= steps)) return undefined
  const numbers = { type: 'int32', dims: [steps, 1], data: Int32Array.from({ length: steps }, (_, i) => i) } as const
  const inside = ops.compare('Less', ops.constant(numbers), lengths)
  return ops.reshape(ops.indicator(inside, inputs[0]!), [steps * batch, 1])
}
