import { InvalidInputError } from '../errors.ts'
import { sizeOf } from '../tensor/index.ts'
import type { Value } from './value.ts'

/** An axis counted from the front; a negative one counts from the end. Throws `InvalidInputError` outside `rank`. */
export function normaliseAxis(axis: number, rank: number): number {
  const counted = axis < 0 ? axis + rank : axis
  if (counted >= 0 && counted < rank) return counted
  throw new InvalidInputError(`axis ${axis} is none of a tensor with ${rank} axes`)
}

/** Axes counted from the front, in ascending order. Throws `InvalidInputError` outside `rank`. */
export const normaliseAxes = (axes: readonly number[], rank: number): number[] =>
  axes.map((axis) => normaliseAxis(axis, rank)).sort((a, b) => a - b)

/** How far apart neighbours along each axis lie in row-major order. */
export function stridesOf(dims: readonly number[]): number[] {
  const strides = new Array<number>(dims.length)
  let stride = 1
  for (let axis = dims.length - 1; axis >= 0; axis--) {
    strides[axis] = stride
    stride *= dims[axis]
  }
  return strides
}

/** The shape that shapes broadcast to, aligned at their last axes. Throws `InvalidInputError` where they do not fit. */
export function broadcastDims(...shapes: readonly (readonly number[])[]): number[] {
  const dims = new Array<number>(Math.max(...shapes.map((shape) => shape.length))).fill(1)
  for (const shape of shapes) {
    const skipped = dims.length - shape.length
    for (const [i, dim] of shape.entries()) {
      const axis = skipped + i
      if (dims[axis] === 1) dims[axis] = dim
      else if (dim !== 1 && dim !== dims[axis]) {
        const all = shapes.map((each) => `[${each.join(', ')}]`).join(' and ')
        throw new InvalidInputError(`shapes ${all} do not broadcast`)
      }
    }
  }
  return dims
}

/** Strides that read a tensor of shape `from` as one of shape `to`: 0 along the axes that it repeats along. */
export function broadcastStrides(from: readonly number[], to: readonly number[]): number[] {
  const own = stridesOf(from)
  const skipped = to.length - from.length
  return to.map((_, axis) => (axis < skipped || from[axis - skipped] === 1 ? 0 : own[axis - skipped]))
}

/** A value's numbers repeated until they have shape `dims`; its own array where they have it already. */
export function broadcastTo({ dims: from, data }: Value, dims: readonly number[]): Float64Array {
  if (data.length === sizeOf(dims)) return data
  if (data.length === 1) return new Float64Array(sizeOf(dims)).fill(data[0])
  return readStrided(data, dims, broadcastStrides(from, dims))
}

/**
 * Copies a view of `data` into row-major order: the element at index `i` of shape `dims` lies at `start + Σ iₐ strideₐ`.
 * Transposing, slicing and repeating are such views.
 */
export function readStrided(
  data: Float64Array,
  dims: readonly number[],
  strides: readonly number[],
  start = 0,
): Float64Array {
  const view = mergeAxes(dims, strides)
  const result = new Float64Array(sizeOf(dims))
  const last = view.dims.length - 1
  if (last < 0) result[0] = data[start]
  let at = 0
  const read = (axis: number, offset: number): void => {
    const length = view.dims[axis]
    const stride = view.strides[axis]
    if (axis < last) {
      for (let i = 0; i < length; i++) read(axis + 1, offset + i * stride)
    } else if (stride === 1) {
      result.set(data.subarray(offset, offset + length), at)
      at += length
    } else {
      for (let i = 0, from = offset; i < length; i++, from += stride) result[at++] = data[from]
    }
  }
  if (last >= 0 && result.length > 0) read(0, start)
  return result
}

/** The same view with fewer axes: none of length 1, and two in one where the first goes on where the second ends. */
function mergeAxes(dims: readonly number[], strides: readonly number[]): { dims: number[]; strides: number[] } {
  const merged = { dims: [] as number[], strides: [] as number[] }
  for (const [axis, dim] of dims.entries()) {
    if (dim === 1) continue
    const last = merged.dims.length - 1
    if (last >= 0 && merged.strides[last] === strides[axis] * dim) {
      merged.dims[last] *= dim
      merged.strides[last] = strides[axis]
    } else {
      merged.dims.push(dim)
      merged.strides.push(strides[axis])
    }
  }
  return merged
}

/** Where each element of such a view lies, from its start, in row-major order. */
export function offsetsOf(dims: readonly number[], strides: readonly number[]): Int32Array {
  let offsets = Int32Array.of(0)
  for (const [axis, dim] of dims.entries()) {
    const finer = new Int32Array(offsets.length * dim)
    let at = 0
    for (const offset of offsets) for (let i = 0; i < dim; i++) finer[at++] = offset + i * strides[axis]
    offsets = finer
  }
  return offsets
}

/** The numbers of a tensor with its axes in another order: axis `i` of the result is axis `order[i]` of the tensor. */
export function permute(data: Float64Array, dims: readonly number[], order: readonly number[]): Float64Array {
  const strides = stridesOf(dims)
  return readStrided(
    data,
    order.map((axis) => dims[axis]),
    order.map((axis) => strides[axis]),
  )
}

/** A shape as three axes: all before `axis`, that one, and all after it; `axis` is counted from the front. */
export const aroundAxis = (
  dims: readonly number[],
  axis: number,
): { outer: number; length: number; inner: number } => ({
  outer: sizeOf(dims.slice(0, axis)),
  length: dims[axis],
  inner: sizeOf(dims.slice(axis + 1)),
})

/** Moves `index` to the next one of shape `dims` in row-major order, in place; false after the last, at zeros again. */
export function nextIndex(index: number[], dims: readonly number[]): boolean {
  for (let axis = dims.length - 1; axis >= 0; axis--) {
    if (++index[axis] < dims[axis]) return true
    index[axis] = 0
  }
  return false
}
