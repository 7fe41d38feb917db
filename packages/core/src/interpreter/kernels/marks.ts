import { sizeOf } from '../../tensor/index.ts'
import { aroundAxis, nextIndex, normaliseAxis } from '../indexing.ts'
import { input, intOf, type Kernel, type Kernels } from '../kernel.ts'
import { value } from '../value.ts'

/** The part of each matrix on and above its `k`th diagonal, or on and below it; zeros elsewhere. */
const triangle: Kernel = (call) => {
  const x = input(call, 0)
  const upper = intOf(call, 'upper', 1) === 1
  const k = call.inputs[1]?.data[0] ?? 0
  const [rows, columns] = x.dims.slice(-2)
  const result = value(x.kind, x.dims, x.data.slice())
  for (let start = 0; start < x.data.length; start += rows * columns) {
    for (let i = 0; i < rows; i++) {
      for (let j = 0; j < columns; j++) if (upper ? j < i + k : j > i + k) result.data[start + i * columns + j] = 0
    }
  }
  return [result]
}

/** Along a new axis of length `depth`, the on-value at the place that each index names and the off-value elsewhere. */
const oneHot: Kernel = (call) => {
  const [indices, values] = [input(call, 0), input(call, 2)]
  const depth = input(call, 1).data[0]
  const axis = normaliseAxis(intOf(call, 'axis', -1), indices.dims.length + 1)
  const dims = indices.dims.toSpliced(axis, 0, depth)
  const { outer, inner } = aroundAxis(dims, axis)
  const result = value(values.kind, dims, new Float64Array(sizeOf(dims)).fill(values.data[0]))
  for (let o = 0; o < outer; o++) {
    for (let i = 0; i < inner; i++) {
      const index = indices.data[o * inner + i]
      const place = index < 0 ? index + depth : index
      if (place >= 0 && place < depth) result.data[(o * depth + place) * inner + i] = values.data[1]
    }
  }
  return [result]
}

/** The indices of the numbers that are not zero, one column each, in row-major order. */
const nonZero: Kernel = (call) => {
  const x = input(call, 0)
  const found: number[][] = []
  const index = new Array<number>(x.dims.length).fill(0)
  for (const one of x.data) {
    if (one !== 0) found.push([...index])
    nextIndex(index, x.dims)
  }
  const result = value('int', [x.dims.length, found.length])
  for (const [column, place] of found.entries()) {
    for (const [axis, i] of place.entries()) result.data[axis * found.length + column] = i
  }
  return [result]
}

/** Marks of places, and the places of marks. */
export const marks: Kernels = {
  Trilu: triangle,
  OneHot: oneHot,
  NonZero: nonZero,
}
