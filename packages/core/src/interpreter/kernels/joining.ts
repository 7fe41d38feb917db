import { InvalidInputError } from '../../errors.ts'
import { aroundAxis, normaliseAxis } from '../indexing.ts'
import { type Call, describe, input, intOf, intsFrom, type Kernel, type Kernels } from '../kernel.ts'
import { value } from '../value.ts'

const concat: Kernel = (call) => {
  const parts = call.inputs.map((_, i) => input(call, i))
  const { kind, dims } = parts[0]
  const axis = normaliseAxis(intOf(call, 'axis', 1), dims.length)
  const length = parts.reduce((sum, part) => sum + part.dims[axis], 0)
  const result = value(
    kind,
    dims.map((dim, a) => (a === axis ? length : dim)),
  )
  const { outer, inner } = aroundAxis(dims, axis)
  let before = 0
  for (const part of parts) {
    const width = part.dims[axis] * inner
    for (let o = 0; o < outer; o++) {
      result.data.set(part.data.subarray(o * width, (o + 1) * width), o * length * inner + before)
    }
    before += width
  }
  return [result]
}

/** How long each part of Split is: as given, or equal; from operator set 18 on the last one may be shorter. */
function partLengths(call: Call, length: number): readonly number[] {
  const count = intOf(call, 'num_outputs', call.node.outputs.length)
  const equal = call.opset < 18 ? length / count : Math.ceil(length / count)
  const parts =
    intsFrom(call, 'split', 1, 13) ??
    Array.from({ length: count }, (_, i) => (i < count - 1 ? equal : length - equal * (count - 1)))
  const sum = parts.reduce((all, part) => all + part, 0)
  if (sum === length && parts.every((part) => Number.isInteger(part) && part >= 0)) return parts
  throw new InvalidInputError(
    `${describe(call.node)} cannot make parts of ${parts.join(', ')} from an axis of ${length}`,
  )
}

const split: Kernel = (call) => {
  const x = input(call, 0)
  const axis = normaliseAxis(intOf(call, 'axis', 0), x.dims.length)
  const { outer, length, inner } = aroundAxis(x.dims, axis)
  let before = 0
  return partLengths(call, length).map((part) => {
    const result = value(
      x.kind,
      x.dims.map((dim, a) => (a === axis ? part : dim)),
    )
    for (let o = 0; o < outer; o++) {
      const start = (o * length + before) * inner
      result.data.set(x.data.subarray(start, start + part * inner), o * part * inner)
    }
    before += part
    return result
  })
}

/** Tensors put together along an axis, and taken apart. */
export const joining: Kernels = {
  Concat: concat,
  Split: split,
}
