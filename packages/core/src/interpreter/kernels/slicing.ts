import { InvalidInputError } from '../../errors.ts'
import { normaliseAxis, readStrided, stridesOf } from '../indexing.ts'
import { describe, input, intsFrom, type Kernel, type Kernels } from '../kernel.ts'
import { value } from '../value.ts'

/** Where a slice of an axis begins, and how many elements it takes; ends beyond the axis are moved to it. */
function extent(start: number, end: number, step: number, dim: number): { first: number; count: number } {
  const clamp = (x: number, least: number, most: number): number => Math.min(most, Math.max(least, x < 0 ? x + dim : x))
  const [least, most] = step > 0 ? [0, dim] : [-1, dim - 1]
  const first = clamp(start, step > 0 ? 0 : Math.min(0, dim - 1), most)
  const last = clamp(end, least, most)
  return { first, count: Math.max(0, Math.ceil((last - first) / step)) }
}

const slice: Kernel = (call) => {
  const x = input(call, 0)
  const starts = intsFrom(call, 'starts', 1, 10)
  const ends = intsFrom(call, 'ends', 2, 10)
  if (starts === undefined || ends === undefined) {
    throw new InvalidInputError(`${describe(call.node)} lacks its starts or ends`)
  }
  const axes = intsFrom(call, 'axes', 3, 10) ?? starts.map((_, i) => i)
  const steps = intsFrom(call, 'steps', 4, 10)
  const dims = [...x.dims]
  const strides = stridesOf(x.dims)
  let begin = 0
  for (const [i, given] of axes.entries()) {
    const axis = normaliseAxis(given, x.dims.length)
    const step = steps?.[i] ?? 1
    const { first, count } = extent(starts[i], ends[i], step, x.dims[axis])
    begin += first * strides[axis]
    dims[axis] = count
    strides[axis] *= step
  }
  return [value(x.kind, dims, readStrided(x.data, dims, strides, begin))]
}

/** Parts of axes, every element or every so many. */
export const slicing: Kernels = { Slice: slice }
