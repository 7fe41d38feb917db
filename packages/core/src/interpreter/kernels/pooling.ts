import { sizeOf } from '../../tensor/index.ts'
import { type Call, input, intOf, intsOf, type Kernels } from '../kernel.ts'
import { type Value, value } from '../value.ts'
import { paddedCounts, type Runs, runsOf, type WindowAxis, windowAxes } from '../windows.ts'
import { maxPool, maxUnpool } from './pooling-max.ts'

/** Pooling over windows, axis by axis from the third on. */
export const pooling: Kernels = {
  MaxPool: maxPool,
  MaxUnpool: maxUnpool,

  AveragePool: (call) => {
    const x = input(call, 0)
    const axes = poolAxes(call, x)
    const runs = runsOf(axes)
    const counts = intOf(call, 'count_include_pad', 0) === 1 ? paddedCounts(axes) : presentCounts(runs)
    const result = value(x.kind, [...x.dims.slice(0, 2), ...axes.map((axis) => axis.output)])
    addWindows(result.data, x.data, runs)
    for (let i = 0; i < result.data.length; i++) result.data[i] /= counts[i % runs.outputs]
    return [result]
  },

  LpPool: (call) => {
    const x = input(call, 0)
    const axes = poolAxes(call, x)
    const p = intOf(call, 'p', 2)
    const result = value(x.kind, [...x.dims.slice(0, 2), ...axes.map((axis) => axis.output)])
    addWindows(
      result.data,
      x.data.map((each) => Math.abs(each) ** p),
      runsOf(axes),
    )
    for (let i = 0; i < result.data.length; i++) result.data[i] **= 1 / p
    return [result]
  },

  GlobalAveragePool: (call) => [
    global(input(call, 0), (rest) => {
      let sum = 0
      for (const each of rest) sum += each
      return sum / rest.length
    }),
  ],
  GlobalMaxPool: (call) => [
    global(input(call, 0), (rest) => {
      let most = -Infinity
      for (const each of rest) most = Math.max(most, each)
      return most
    }),
  ],
  GlobalLpPool: (call) => {
    const p = intOf(call, 'p', 2)
    return [
      global(input(call, 0), (rest) => {
        let sum = 0
        for (const each of rest) sum += Math.abs(each) ** p
        return sum ** (1 / p)
      }),
    ]
  },
}

/** The windows of a pooling node over a tensor's axes from the third on. */
const poolAxes = (call: Call, { dims }: Value): WindowAxis[] =>
  windowAxes(call, dims.slice(2), intsOf(call, 'kernel_shape') ?? [])

/** Adds what each window reads of each channel. */
function addWindows(sums: Float64Array, x: Float64Array, runs: Runs): void {
  const { inputs, outputs, step, output, input: place, length } = runs
  for (let from = 0, to = 0; to < sums.length; from += inputs, to += outputs) {
    for (let r = 0; r < length.length; r++) {
      let source = from + place[r]
      const end = to + output[r] + length[r]
      for (let i = to + output[r]; i < end; i++, source += step) sums[i] += x[source]
    }
  }
}

/** How many taps of each window lie within the tensor. */
function presentCounts({ outputs, output, length }: Runs): Float64Array {
  const counts = new Float64Array(outputs)
  for (let r = 0; r < length.length; r++) {
    for (let i = output[r]; i < output[r] + length[r]; i++) counts[i]++
  }
  return counts
}

/** One number for all that a channel holds. */
function global({ kind, dims, data }: Value, pool: (channel: Float64Array) => number): Value {
  const result = value(kind, [...dims.slice(0, 2), ...dims.slice(2).map(() => 1)])
  const length = sizeOf(dims.slice(2))
  for (let i = 0; i < result.data.length; i++) result.data[i] = pool(data.subarray(i * length, (i + 1) * length))
  return result
}
