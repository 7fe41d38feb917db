import { sizeOf } from '../../tensor/index.ts'
import type { Ops } from '../ops.ts'
import type { TypedValue } from '../typed-value.ts'

/** How far apart neighbours along each axis lie in row-major order. */
export const stridesOf = (dims: readonly number[]): number[] => dims.map((_, axis) => sizeOf(dims.slice(axis + 1)))

/** Where each element of a tensor of shape `box`, read with these strides, lies from its start. */
export function offsetsOf(box: readonly number[], strides: readonly number[]): number[] {
  let offsets = [0]
  box.forEach((length, axis) => {
    offsets = offsets.flatMap((offset) => Array.from({ length }, (_, i) => offset + i * strides[axis]!))
  })
  return offsets
}

/**
 * The flat place in a tensor of shape `dims` that each element of `indices` names: its own index, but for `axis`, where
 * it has what the element says, a negative number counting from the end.
 */
export function elementPlaces(ops: Ops, indices: TypedValue, dims: readonly number[], axis: number): TypedValue {
  const strides = stridesOf(dims)
  const box = indices.dims.with(axis, 1)
  const whole = ops.cast(indices, 'int64')
  const fromFront = ops.node('Mod', [whole, ops.integers([dims[axis]!])], { dims: indices.dims })
  const starts = strides[axis] === 1 ? fromFront : ops.mul(fromFront, ops.integers([strides[axis]!]))
  return ops.add(starts, ops.reshape(ops.integers(offsetsOf(box, strides)), box))
}
