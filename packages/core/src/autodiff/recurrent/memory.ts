import { intOf } from '../../onnx/index.ts'
import type { TypedValue } from '../typed-value.ts'
import { partsOf } from './parts.ts'
import { complement, hiddensBefore, inputProducts, kept, masked, noState, type Sequence, stepsOf } from './sequence.ts'

/** What a gate's activation was given at all steps, and what it gave: `T·B × H` each. */
export interface Gate {
  readonly sum: TypedValue
  readonly value: TypedValue
}

/** What an LSTM's steps computed on the way forward, which the operator does not give. */
export interface Memory {
  readonly hiddensBefore: TypedValue
  readonly cellsBefore: TypedValue
  readonly cells: TypedValue
  readonly input: Gate
  readonly output: Gate
  /** Where input and forget gate are coupled (`f = 1 − i`), it has no sum of its own. */
  readonly forget: { readonly sum?: TypedValue; readonly value: TypedValue }
  readonly candidate: Gate
}

/** Whether the forget gate is `1 − i`. */
export const isCoupled = ({ node }: Sequence): boolean => intOf(node, 'input_forget', 0) !== 0

/**
 * Computes the gates of all steps from the hidden states, which are known, and then the cells `cₜ = f ∘ cₜ₋₁ + i ∘ g` one
 * after the other. Only with peepholes do the gates have to wait for the cells.
 */
export function memoryOf(sequence: Sequence): Memory {
  const { ops, hidden, recurrent, bias, activations, peepholes } = sequence
  const [f, g] = activations
  const before = hiddensBefore(sequence)
  const own = inputProducts(sequence, bias && ops.add(...bias))
  const all = ops.gemm(before, recurrent, { transB: true, c: own })
  const [i, o, forget, c] = partsOf(ops, all, 1, [hidden, hidden, hidden, hidden])
  const gate = (sum: TypedValue): Gate => ({ sum, value: f!.value(ops, sum) })
  const candidate = { sum: c, value: g!.value(ops, c) }
  if (peepholes === undefined) {
    const input = gate(i)
    const forgotten = isCoupled(sequence) ? { value: complement(ops, input.value) } : gate(forget)
    const keeps = stepsOf(sequence, kept(sequence, forgotten.value))
    const writes = stepsOf(sequence, masked(sequence, ops.mul(input.value, candidate.value)))
    const cells = recall(sequence, (cell, step) =>
      cell === undefined ? writes[step]! : ops.add(ops.mul(cell, keeps[step]!), writes[step]!),
    )
    return { hiddensBefore: before, ...cells, input, output: gate(o), forget: forgotten, candidate }
  }
  const [inputHole, outputHole, forgetHole] = partsOf(ops, peepholes, 0, [hidden, hidden, hidden])
  const withHole = (sum: TypedValue, cell: TypedValue, hole: TypedValue) => ops.add(sum, ops.mul(cell, hole))
  const [inputs, forgets, candidates] = [
    stepsOf(sequence, i),
    stepsOf(sequence, forget),
    stepsOf(sequence, candidate.value),
  ]
  const within = sequence.within && stepsOf(sequence, sequence.within)
  const cells = recall(sequence, (last, step) => {
    const cell = last ?? noState(sequence)
    const input = f!.value(ops, withHole(inputs[step]!, cell, inputHole))
    const keep = isCoupled(sequence)
      ? complement(ops, input)
      : f!.value(ops, withHole(forgets[step]!, cell, forgetHole))
    const next = ops.add(ops.mul(cell, keep), ops.mul(input, candidates[step]!))
    return within === undefined ? next : ops.add(cell, ops.mul(ops.sub(next, cell), within[step]!))
  })
  const input = gate(withHole(i, cells.cellsBefore, inputHole))
  return {
    hiddensBefore: before,
    ...cells,
    input,
    output: gate(withHole(o, cells.cells, outputHole)),
    forget: isCoupled(sequence)
      ? { value: complement(ops, input.value) }
      : gate(withHole(forget, cells.cellsBefore, forgetHole)),
    candidate,
  }
}

/** The cells before and after all steps, from what one step makes of the cell; undefined stands for zeros. */
function recall(sequence: Sequence, next: (cell: TypedValue | undefined, step: number) => TypedValue) {
  const { ops, order, firstCell } = sequence
  const before: TypedValue[] = []
  const after: TypedValue[] = []
  let cell = firstCell
  for (const step of order) {
    before[step] = cell ?? noState(sequence)
    cell = next(cell, step)
    after[step] = cell
  }
  return { cellsBefore: ops.concat(before, 0), cells: ops.concat(after, 0) }
}
