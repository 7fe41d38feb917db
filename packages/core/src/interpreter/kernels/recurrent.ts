import { permute } from '../indexing.ts'
import { type Call, input, intOf, type Kernel, type Kernels, textOf } from '../kernel.ts'
import { addProduct, transposed } from '../matrix-product.ts'
import { type Value, value } from '../value.ts'
import { activationsOf } from './recurrent-activations.ts'
import {
  type Cell,
  type Direction,
  gatedCell,
  memoryCell,
  partOf,
  plainCell,
  type State,
  type Step,
} from './recurrent-cells.ts'

/** A layer that runs a cell along a sequence, in one direction or both. */
const layer =
  (cell: Cell): Kernel =>
  (call) => {
    const batchFirst = intOf(call, 'layout', 0) === 1
    const swapped = (x: Value | undefined): Value | undefined =>
      x !== undefined && batchFirst ? reordered(x, [1, 0, 2]) : x
    const x = swapped(input(call, 0))!
    const [steps, batch] = x.dims
    const hidden = input(call, 2).dims[2]
    const way = textOf(call, 'direction', 'forward')
    const directions = way === 'bidirectional' ? 2 : 1
    const activations = activationsOf(call, cell.activations, directions)
    const lengths = call.inputs[4]?.data ?? new Float64Array(batch).fill(steps)
    const sequence = value('float', [steps, directions, batch, hidden])
    const lastHidden = value('float', [directions, batch, hidden])
    const lastCell = value('float', [directions, batch, hidden])
    for (let at = 0; at < directions; at++) {
      const own = activations.slice(at * cell.activations.length, (at + 1) * cell.activations.length)
      const direction: Direction = { call, at, batch, hidden, activations: own }
      const first = (place: number) =>
        partOf(swapped(call.inputs[place]), at)?.slice() ?? new Float64Array(batch * hidden)
      const last = run({
        step: cell.start(direction),
        start: { hidden: first(5), cell: first(6) },
        projected: project(call, x, at, cell.gates * hidden),
        width: cell.gates * hidden,
        lengths,
        backwards: way === 'reverse' || at === 1,
        keep: (t, b, row) => sequence.data.set(row, ((t * directions + at) * batch + b) * hidden),
      })
      lastHidden.data.set(last.hidden, at * batch * hidden)
      lastCell.data.set(last.cell, at * batch * hidden)
    }
    if (!batchFirst) return [sequence, lastHidden, lastCell]
    return [reordered(sequence, [2, 0, 1, 3]), swapped(lastHidden)!, swapped(lastCell)!]
  }

/** Recurrent layers. */
export const recurrent: Kernels = {
  RNN: layer(plainCell),
  GRU: layer(gatedCell),
  LSTM: layer(memoryCell),
}

const reordered = ({ kind, dims, data }: Value, order: readonly number[]): Value =>
  value(
    kind,
    order.map((axis) => dims[axis]),
    permute(data, dims, order),
  )

/** All inputs times the weights of one direction, with the first half of its bias: `steps · batch × width`. */
function project(call: Call, x: Value, at: number, width: number): Float64Array {
  const [steps, batch, size] = x.dims
  const weights = partOf(input(call, 1), at)!
  const bias = partOf(call.inputs[3], at)
  const result = new Float64Array(steps * batch * width)
  if (bias !== undefined) for (let i = 0; i < result.length; i++) result[i] = bias[i % width]
  const turned = transposed({ data: weights, start: 0 }, width, size)
  const [sum, left, right] = [result, x.data, turned].map((data) => ({ data, start: 0 }))
  addProduct(sum, left, right, steps * batch, size, width)
  return result
}

interface Run {
  readonly step: Step
  readonly start: State
  /** `steps · batch × width`, the inputs times their weights. */
  readonly projected: Float64Array
  readonly width: number
  /** How long the sequence of each example is; beyond it nothing is computed. */
  readonly lengths: Float64Array
  readonly backwards: boolean
  keep(t: number, b: number, hidden: Float64Array): void
}

/** Runs a cell along the sequences, each from its own end where it goes backwards; gives every example's last state. */
function run({ step, start, projected, width, lengths, backwards, keep }: Run): State {
  const batch = lengths.length
  const hidden = start.hidden.length / batch
  const longest = lengths.reduce((most, length) => Math.max(most, length), 0)
  const inputs = new Float64Array(batch * width)
  let state = start
  for (let s = 0; s < longest; s++) {
    const places = lengths.map((length) => (backwards ? length - 1 - s : s))
    for (const [b, t] of places.entries()) {
      if (s < lengths[b])
        inputs.set(projected.subarray((t * batch + b) * width, (t * batch + b + 1) * width), b * width)
    }
    const next = step(inputs, state)
    for (const [b, t] of places.entries()) {
      const own = [b * hidden, (b + 1) * hidden] as const
      if (s < lengths[b]) keep(t, b, next.hidden.subarray(...own))
      else {
        next.hidden.set(state.hidden.subarray(...own), own[0])
        next.cell.set(state.cell.subarray(...own), own[0])
      }
    }
    state = next
  }
  return state
}
