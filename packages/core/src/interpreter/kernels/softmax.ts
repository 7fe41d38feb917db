import { sizeOf } from '../../tensor/index.ts'
import { aroundAxis, normaliseAxis } from '../indexing.ts'
import { type Call, input, intOf, type Kernel, type Kernels } from '../kernel.ts'
import { value } from '../value.ts'

/** Fills one line of `length` numbers of `out` from that of `x`: the numbers lie `step` apart, from `start` on. */
type Line = (x: Float64Array, out: Float64Array, start: number, step: number, length: number) => void

/** The axis that the operator runs along; before operator set 13 it is the first of those that count as one. */
function lines(call: Call): { outer: number; length: number; inner: number } {
  const { dims } = input(call, 0)
  const axis = normaliseAxis(intOf(call, 'axis', call.opset < 13 ? 1 : -1), dims.length)
  if (call.opset >= 13) return aroundAxis(dims, axis)
  return { outer: sizeOf(dims.slice(0, axis)), length: sizeOf(dims.slice(axis)), inner: 1 }
}

const alongLines =
  (line: Line): Kernel =>
  (call) => {
    const x = input(call, 0)
    const { outer, length, inner } = lines(call)
    const result = value(x.kind, x.dims)
    for (let o = 0; o < outer; o++) {
      for (let i = 0; i < inner; i++) line(x.data, result.data, o * length * inner + i, inner, length)
    }
    return [result]
  }

function largestOf(x: Float64Array, start: number, step: number, length: number): number {
  let largest = -Infinity
  for (let k = 0, at = start; k < length; k++, at += step) largest = Math.max(largest, x[at])
  return largest
}

const softmax: Line = (x, out, start, step, length) => {
  const largest = largestOf(x, start, step, length)
  let sum = 0
  for (let k = 0, at = start; k < length; k++, at += step) {
    out[at] = Math.exp(x[at] - largest)
    sum += out[at]
  }
  for (let k = 0, at = start; k < length; k++, at += step) out[at] /= sum
}

const logSoftmax: Line = (x, out, start, step, length) => {
  const largest = largestOf(x, start, step, length)
  let sum = 0
  for (let k = 0, at = start; k < length; k++, at += step) sum += Math.exp(x[at] - largest)
  const all = largest + Math.log(sum)
  for (let k = 0, at = start; k < length; k++, at += step) out[at] = x[at] - all
}

const hardmax: Line = (x, out, start, step, length) => {
  let at = start
  for (let k = 1; k < length; k++) if (x[start + k * step] > x[at]) at = start + k * step
  if (length > 0) out[at] = 1
}

/** Softmax and its relatives, along one axis. */
export const softmaxes: Kernels = {
  Softmax: alongLines(softmax),
  LogSoftmax: alongLines(logSoftmax),
  Hardmax: alongLines(hardmax),
}
