import { InvalidInputError } from '../../errors.ts'
import { sizeOf } from '../../tensor/index.ts'
import { normaliseAxis } from '../indexing.ts'
import { type Call, describe, input, intOf, type Kernel, type Kernels, textOf } from '../kernel.ts'
import { value } from '../value.ts'
import { elementPlaces, slicePlaces } from './places.ts'

/** What becomes of a number when another is written to its place. */
const writes: Readonly<Record<string, (old: number, update: number) => number>> = {
  none: (_, update) => update,
  add: (old, update) => old + update,
  mul: (old, update) => old * update,
  max: Math.max,
  min: Math.min,
}

function writeOf(call: Call): (old: number, update: number) => number {
  const reduction = textOf(call, 'reduction', 'none')
  const write = writes[reduction]
  if (write !== undefined) return write
  throw new InvalidInputError(`${describe(call.node)} has the unknown reduction "${reduction}"`)
}

const scatterElements: Kernel = (call) => {
  const [x, indices, updates] = [input(call, 0), input(call, 1), input(call, 2)]
  const write = writeOf(call)
  const result = value(x.kind, x.dims, x.data.slice())
  const axis = normaliseAxis(intOf(call, 'axis', 0), x.dims.length)
  elementPlaces(x.dims, axis, indices).forEach((place, i) => {
    result.data[place] = write(result.data[place], updates.data[i])
  })
  return [result]
}

const scatterSlices: Kernel = (call) => {
  const [x, indices, updates] = [input(call, 0), input(call, 1), input(call, 2)]
  const write = writeOf(call)
  const result = value(x.kind, x.dims, x.data.slice())
  const width = sizeOf(x.dims.slice(indices.dims.at(-1)))
  slicePlaces(x.dims, 0, indices).forEach((place, i) => {
    for (let k = 0; k < width; k++) result.data[place + k] = write(result.data[place + k], updates.data[i * width + k])
  })
  return [result]
}

/** Elements and slices written to the places that a tensor names. */
export const scattering: Kernels = {
  Scatter: scatterElements,
  ScatterElements: scatterElements,
  ScatterND: scatterSlices,
}
