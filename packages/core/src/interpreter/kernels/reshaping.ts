import { sizeOf } from '../../tensor/index.ts'
import { normaliseAxes, normaliseAxis } from '../indexing.ts'
import { input, intOf, intsFrom, type Kernel, type Kernels } from '../kernel.ts'

/** A new shape for the same numbers: 0 keeps a size (unless `allowzero`), −1 is the size that makes the numbers fit. */
const reshape: Kernel = (call) => {
  const x = input(call, 0)
  const keepsZero = intOf(call, 'allowzero', 0) === 1
  const asked = Array.from(input(call, 1).data)
  const dims = asked.map((dim, axis) => (dim === 0 && !keepsZero ? x.dims[axis] : dim))
  const open = dims.indexOf(-1)
  if (open >= 0) {
    const others = sizeOf(dims.filter((_, axis) => axis !== open))
    dims[open] = others === 0 ? 0 : x.data.length / others
  }
  return [{ ...x, dims }]
}

const flatten: Kernel = (call) => {
  const x = input(call, 0)
  const axis = intOf(call, 'axis', 1)
  const split = axis < 0 ? axis + x.dims.length : axis
  return [{ ...x, dims: [sizeOf(x.dims.slice(0, split)), sizeOf(x.dims.slice(split))] }]
}

const squeeze: Kernel = (call) => {
  const x = input(call, 0)
  const given = intsFrom(call, 'axes', 1, 13)
  const axes = given?.map((axis) => normaliseAxis(axis, x.dims.length))
  return [{ ...x, dims: x.dims.filter((dim, axis) => (axes === undefined ? dim !== 1 : !axes.includes(axis))) }]
}

const unsqueeze: Kernel = (call) => {
  const x = input(call, 0)
  const given = intsFrom(call, 'axes', 1, 13) ?? []
  const dims = [...x.dims]
  for (const axis of normaliseAxes(given, x.dims.length + given.length)) dims.splice(axis, 0, 1)
  return [{ ...x, dims }]
}

/** The same numbers in the same order, in another shape. */
export const reshaping: Kernels = {
  Reshape: reshape,
  Flatten: flatten,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
}
