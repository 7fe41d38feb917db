import { type Call, intOf } from '../kernel.ts'
import { addProduct, transposed } from '../matrix-product.ts'
import type { Value } from '../value.ts'
import { type Activation, clipped } from './recurrent-activations.ts'

/** One direction of a recurrent layer: its part of the weights and the layer's sizes. */
export interface Direction {
  readonly call: Call
  /** Which direction it is. */
  readonly at: number
  readonly batch: number
  readonly hidden: number
  readonly activations: readonly Activation[]
}

/** What goes from step to step, `batch × hidden` each; `cell` is used by LSTM alone. */
export interface State {
  readonly hidden: Float64Array
  readonly cell: Float64Array
}

/** Computes the next state from the inputs times their weights, `batch × gates · hidden`, and the state before. */
export type Step = (projected: Float64Array, before: State) => State

/** An operator's cell: how many gates it has, its usual activations, and its step. */
export interface Cell {
  readonly gates: number
  readonly activations: readonly string[]
  start(direction: Direction): Step
}

/** A part of a tensor, one part per direction; undefined where the tensor is absent. */
export const partOf = (value: Value | undefined, at: number): Float64Array | undefined => {
  if (value === undefined) return undefined
  const length = value.data.length / value.dims[0]
  return value.data.subarray(at * length, (at + 1) * length)
}

/** Multiplies rows of `hidden` numbers by the recurrent weights of some gates. */
function recurrence({ call, at, batch, hidden }: Direction, from: number, gates: number) {
  const weights = partOf(call.inputs[2], at)!
  const turned = transposed({ data: weights, start: from * hidden * hidden }, gates * hidden, hidden)
  return (rows: Float64Array): Float64Array => {
    const result = new Float64Array(batch * gates * hidden)
    const [sum, left, right] = [result, rows, turned].map((data) => ({ data, start: 0 }))
    addProduct(sum, left, right, batch, hidden, gates * hidden)
    return result
  }
}

/** The second half of the bias: what is added to the recurrent products. */
const recurrentBias = ({ call, at, hidden }: Direction, gates: number): Float64Array =>
  partOf(call.inputs[3], at)?.subarray(gates * hidden) ?? new Float64Array(gates * hidden)

const gateActivations = ({ call, activations }: Direction): Activation[] =>
  activations.map((activation) => clipped(call, activation))

/** `H' = f(XWᵀ + HRᵀ + b)` */
export const plainCell: Cell = {
  gates: 1,
  activations: ['Tanh'],
  start(direction) {
    const [f] = gateActivations(direction)
    const recur = recurrence(direction, 0, 1)
    const bias = recurrentBias(direction, 1)
    return (projected, { hidden, cell }) => {
      const product = recur(hidden)
      const next = product.map((each, i) => f(each + projected[i] + bias[i % bias.length]))
      return { hidden: next, cell }
    }
  },
}

/** Gated recurrent unit (Cho et al. 2014): gates z (update), r (reset) and h (hidden). */
export const gatedCell: Cell = {
  gates: 3,
  activations: ['Sigmoid', 'Tanh'],
  start(direction) {
    const { hidden: size, batch, call } = direction
    const [f, g] = gateActivations(direction)
    const linearBeforeReset = intOf(call, 'linear_before_reset', 0) !== 0
    const recur = recurrence(direction, 0, 3)
    const recurHidden = recurrence(direction, 2, 1)
    const bias = recurrentBias(direction, 3)
    return (projected, { hidden, cell }) => {
      const product = recur(hidden)
      const update = new Float64Array(batch * size)
      const reset = new Float64Array(batch * size)
      for (let i = 0; i < update.length; i++) {
        const j = i % size
        const row = (i - j) * 3 + j
        update[i] = f(projected[row] + product[row] + bias[j])
        reset[i] = f(projected[row + size] + product[row + size] + bias[size + j])
      }
      const inner = linearBeforeReset ? undefined : recurHidden(hidden.map((each, i) => each * reset[i]))
      const next = hidden.map((each, i) => {
        const j = i % size
        const row = (i - j) * 3 + 2 * size + j
        const own = bias[2 * size + j]
        const recurrent = inner === undefined ? reset[i] * (product[row] + own) : inner[i] + own
        return (1 - update[i]) * g(projected[row] + recurrent) + update[i] * each
      })
      return { hidden: next, cell }
    }
  },
}

/** Long short-term memory (Hochreiter and Schmidhuber 1997): gates i (input), o (output), f (forget) and c (cell). */
export const memoryCell: Cell = {
  gates: 4,
  activations: ['Sigmoid', 'Tanh', 'Tanh'],
  start(direction) {
    const { hidden: size, batch, call, at } = direction
    const [f, g] = gateActivations(direction)
    // As in ONNX Runtime, what the memory holds is not clipped.
    const h = direction.activations[2]
    const coupled = intOf(call, 'input_forget', 0) !== 0
    const recur = recurrence(direction, 0, 4)
    const bias = recurrentBias(direction, 4)
    const peepholes = partOf(call.inputs[7], at) ?? new Float64Array(3 * size)
    return (projected, { hidden, cell }) => {
      const product = recur(hidden)
      const next = { hidden: new Float64Array(batch * size), cell: new Float64Array(batch * size) }
      for (let i = 0; i < hidden.length; i++) {
        const j = i % size
        const gate = (k: number) => {
          const place = k * size + j
          return projected[(i - j) * 4 + place] + product[(i - j) * 4 + place] + bias[place]
        }
        const input = f(gate(0) + peepholes[j] * cell[i])
        const forget = coupled ? 1 - input : f(gate(2) + peepholes[2 * size + j] * cell[i])
        next.cell[i] = forget * cell[i] + input * g(gate(3))
        next.hidden[i] = f(gate(1) + peepholes[size + j] * next.cell[i]) * h(next.cell[i])
      }
      return next
    }
  },
}
