import { InvalidInputError } from '../../errors.ts'
import { sizeOf } from '../../tensor/index.ts'
import { offsetsOf, stridesOf } from '../indexing.ts'
import type { Value } from '../value.ts'

/** A place along an axis of `length`, a negative one counted from the end. Throws `InvalidInputError` outside. */
export function placeAlong(index: number, length: number): number {
  const place = index < 0 ? index + length : index
  if (place >= 0 && place < length) return place
  throw new InvalidInputError(`index ${index} lies outside an axis of ${length}`)
}

/**
 * For each element of `indices`, the place in a tensor of shape `dims` that has the element's own index, but for `axis`,
 * where it has what the element says.
 */
export function elementPlaces(dims: readonly number[], axis: number, indices: Value): Int32Array {
  const strides = stridesOf(dims)
  const places = offsetsOf(
    indices.dims,
    strides.map((stride, a) => (a === axis ? 0 : stride)),
  )
  for (let i = 0; i < places.length; i++) places[i] += placeAlong(indices.data[i], dims[axis]) * strides[axis]
  return places
}

/**
 * For each tuple along the last axis of `indices`, the place in a tensor of shape `dims` where the slice begins that
 * the tuple names; the first `batch` axes are those that both have in common.
 */
export function slicePlaces(dims: readonly number[], batch: number, indices: Value): Int32Array {
  const strides = stridesOf(dims)
  const depth = indices.dims.at(-1) ?? 0
  const tuples = sizeOf(indices.dims.slice(0, -1))
  const batches = offsetsOf(dims.slice(0, batch), strides.slice(0, batch))
  const perBatch = tuples / batches.length
  return Int32Array.from({ length: tuples }, (_, i) => {
    let place = batches[Math.floor(i / perBatch)]
    for (let k = 0; k < depth; k++) {
      place += placeAlong(indices.data[i * depth + k], dims[batch + k]) * strides[batch + k]
    }
    return place
  })
}
