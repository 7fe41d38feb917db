import { sizeOf } from '../../tensor/index.ts'
import { aroundAxis, normaliseAxis } from '../indexing.ts'
import { input, intOf, type Kernel, type Kernels } from '../kernel.ts'
import { value } from '../value.ts'
import { elementPlaces, placeAlong, slicePlaces } from './places.ts'

/** Whole slices at the given places of an axis. */
const gather: Kernel = (call) => {
  const [x, indices] = [input(call, 0), input(call, 1)]
  const axis = normaliseAxis(intOf(call, 'axis', 0), x.dims.length)
  const { outer, length, inner } = aroundAxis(x.dims, axis)
  const result = value(x.kind, [...x.dims.slice(0, axis), ...indices.dims, ...x.dims.slice(axis + 1)])
  let at = 0
  for (let o = 0; o < outer; o++) {
    for (const index of indices.data) {
      const start = (o * length + placeAlong(index, length)) * inner
      result.data.set(x.data.subarray(start, start + inner), at)
      at += inner
    }
  }
  return [result]
}

const gatherElements: Kernel = (call) => {
  const [x, indices] = [input(call, 0), input(call, 1)]
  const axis = normaliseAxis(intOf(call, 'axis', 0), x.dims.length)
  const places = elementPlaces(x.dims, axis, indices)
  return [
    value(
      x.kind,
      indices.dims,
      Float64Array.from(places, (place) => x.data[place]),
    ),
  ]
}

const gatherSlices: Kernel = (call) => {
  const [x, indices] = [input(call, 0), input(call, 1)]
  const batch = intOf(call, 'batch_dims', 0)
  const rest = x.dims.slice(batch + (indices.dims.at(-1) ?? 0))
  const width = sizeOf(rest)
  const result = value(x.kind, [...indices.dims.slice(0, -1), ...rest])
  slicePlaces(x.dims, batch, indices).forEach((place, i) => {
    result.data.set(x.data.subarray(place, place + width), i * width)
  })
  return [result]
}

/** Elements and slices taken from the places that a tensor names. */
export const gathering: Kernels = {
  Gather: gather,
  GatherElements: gatherElements,
  GatherND: gatherSlices,
}
