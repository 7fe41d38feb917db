import { integerTensor, sizeOf, type Tensor } from '../../tensor/index.ts'
import type { Ops } from '../ops.ts'
import type { TypedValue } from '../typed-value.ts'
import { stridesOf } from './element-places.ts'

/**
 * The place among the slices of a tensor of shape `dims` that each tuple along the last axis of `indices` names, by
 * `GatherND`'s rules; the first `batch` axes are those that both have in common. As many as there are tuples.
 */
export function tuplePlaces(ops: Ops, indices: TypedValue, dims: readonly number[], batch: number): TypedValue {
  const { lengths, strides, batches, perBatch } = geometry(indices.dims, dims, batch)
  const tuples = batches * perBatch
  if (lengths.length === 0) return ops.integers(batchStarts(batches, perBatch, 1))
  const flat = ops.reshape(indices, [tuples, lengths.length])
  const fromFront = ops.node('Mod', [flat, ops.integers(lengths)], { dims: flat.dims })
  const within = ops.reduce('ReduceSum', ops.mul(fromFront, ops.integers(strides)), [1], false)
  if (batches === 1) return within
  return ops.add(within, ops.integers(batchStarts(batches, perBatch, sizeOf(lengths))))
}

/** The same for indices that are known. */
export function knownTuplePlaces(indices: Tensor, dims: readonly number[], batch: number): Tensor {
  const { lengths, strides, batches, perBatch } = geometry(indices.dims, dims, batch)
  const numbers = Array.from(indices.data as ArrayLike<number | bigint>, Number)
  const starts = batchStarts(batches, perBatch, sizeOf(lengths))
  return integerTensor(
    starts.map((start, tuple) =>
      lengths.reduce((place, length, k) => {
        const index = numbers[tuple * lengths.length + k]!
        return place + (index < 0 ? index + length : index) * strides[k]!
      }, start),
    ),
  )
}

function geometry(indexDims: readonly number[], dims: readonly number[], batch: number) {
  const lengths = dims.slice(batch, batch + indexDims.at(-1)!)
  const batches = sizeOf(dims.slice(0, batch))
  return { lengths, strides: stridesOf(lengths), batches, perBatch: sizeOf(indexDims.slice(batch, -1)) }
}

const batchStarts = (batches: number, perBatch: number, slices: number): number[] =>
  Array.from({ length: batches * perBatch }, (_, i) => Math.floor(i / perBatch) * slices)
