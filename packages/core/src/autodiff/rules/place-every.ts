import type { Ops } from '../ops.ts'
import type { TypedValue } from '../typed-value.ts'
import { zeros } from './pad-along.ts'

/** Places along an axis: `start`, `start + step` and on; a negative step goes back. */
export interface Places {
  readonly axis: number
  readonly start: number
  readonly step: number
}

/**
 * Zeros of shape `dims` with `x` at the given places: every second row, say, or in opposite order. Elements are moved
 * apart by a dimension of length 1 after theirs, padded to the length of the step.
 */
export function placeEvery(ops: Ops, x: TypedValue, dims: readonly number[], places: readonly Places[]): TypedValue {
  if (x.dims.includes(0)) return zeros(ops, x, dims)
  const ascending = places.map((each) => ascend(each, x.dims[each.axis]!))
  const reversed = places
    .filter(({ step, axis }) => step < 0 && x.dims[axis]! > 1)
    .map(({ axis }) => ({ axis, start: x.dims[axis]! - 1, end: -1, step: -1 }))
  const blocks = dims.map((dim, axis) =>
    blockOf(
      dim,
      x.dims[axis]!,
      ascending.find((each) => each.axis === axis),
    ),
  )
  const apart = moveApart(ops, ops.slice(x, reversed), blocks)
  const cut = ops.slice(
    apart,
    blocks.map(({ start }, axis) => ({ axis, start: 0, end: Math.min(apart.dims[axis]!, dims[axis]! - start) })),
  )
  const begins = blocks.map(({ start }) => start)
  return ops.pad(
    cut,
    begins,
    begins.map((begin, axis) => dims[axis]! - begin - cut.dims[axis]!),
  )
}

/** The same places from the lowest on. */
const ascend = ({ axis, start, step }: Places, count: number): Places =>
  step > 0 ? { axis, start, step } : { axis, start: start + (count - 1) * step, step: -step }

/** The elements along an axis as blocks of one element each: where the first begins, their size, the element in them. */
interface Block {
  readonly start: number
  readonly size: number
  readonly offset: number
}

/** Blocks at multiples of their size where they fit, so that those of other offsets lie over them. */
function blockOf(dim: number, count: number, places: Places | undefined): Block {
  if (places === undefined) return { start: 0, size: 1, offset: 0 }
  const { start, step } = places
  if (count === 1 || step === 1) return { start, size: 1, offset: 0 }
  const offset = start - (start % step) + count * step <= dim ? start % step : Math.min(start, step - 1)
  return { start: start - offset, size: step, offset }
}

function moveApart(ops: Ops, x: TypedValue, blocks: readonly Block[]): TypedValue {
  const dims: number[] = []
  const begins: number[] = []
  const ends: number[] = []
  blocks.forEach(({ size, offset }, axis) => {
    dims.push(x.dims[axis]!, ...(size === 1 ? [] : [1]))
    begins.push(0, ...(size === 1 ? [] : [offset]))
    ends.push(0, ...(size === 1 ? [] : [size - 1 - offset]))
  })
  const padded = ops.pad(ops.reshape(x, dims), begins, ends)
  return ops.reshape(
    padded,
    blocks.map(({ size }, axis) => x.dims[axis]! * size),
  )
}
