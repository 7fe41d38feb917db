import { aroundAxis, normaliseAxis, stridesOf } from '../indexing.ts'
import { input, intOf, type Kernel, type Kernels } from '../kernel.ts'
import { value } from '../value.ts'

/** Running sums along an axis, from the front or the back, each number's own included or not. */
const cumulativeSum: Kernel = (call) => {
  const x = input(call, 0)
  const axis = normaliseAxis(input(call, 1).data[0], x.dims.length)
  const exclusive = intOf(call, 'exclusive', 0) === 1
  const reverse = intOf(call, 'reverse', 0) === 1
  const { outer, length, inner } = aroundAxis(x.dims, axis)
  const result = value(x.kind, x.dims)
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      let sum = 0
      for (let k = 0; k < length; k++) {
        const at = (o * length + (reverse ? length - 1 - k : k)) * inner + i
        const next = sum + x.data[at]
        result.data[at] = exclusive ? sum : next
        sum = next
      }
    }
  }
  return [result]
}

/** The first so many steps of each sequence in the opposite order, the others as they are. */
const reverseSequence: Kernel = (call) => {
  const x = input(call, 0)
  const lengths = input(call, 1).data
  const timeAxis = intOf(call, 'time_axis', 0)
  const batchAxis = intOf(call, 'batch_axis', 1)
  const strides = stridesOf(x.dims)
  const inner = strides[1]
  const result = value(x.kind, x.dims)
  for (let batch = 0; batch < x.dims[batchAxis]; batch++) {
    for (let time = 0; time < x.dims[timeAxis]; time++) {
      const from = time < lengths[batch] ? lengths[batch] - 1 - time : time
      const start = batch * strides[batchAxis]
      const source = start + from * strides[timeAxis]
      result.data.set(x.data.subarray(source, source + inner), start + time * strides[timeAxis])
    }
  }
  return [result]
}

/** What runs along a sequence. */
export const sequences: Kernels = {
  CumSum: cumulativeSum,
  ReverseSequence: reverseSequence,
}
