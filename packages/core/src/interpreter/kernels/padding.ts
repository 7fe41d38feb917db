import { InvalidInputError } from '../../errors.ts'
import { sizeOf } from '../../tensor/index.ts'
import { normaliseAxis, stridesOf } from '../indexing.ts'
import { type Call, describe, floatOf, input, intsFrom, type Kernel, type Kernels, textOf } from '../kernel.ts'
import { value } from '../value.ts'

/** Where position `i` of an axis of `length` takes its number from when it lies outside; −1 for the constant. */
type Source = (i: number, length: number) => number

const remainder = (i: number, period: number): number => ((i % period) + period) % period

const sources: Readonly<Record<string, Source>> = {
  constant: () => -1,
  edge: (i, length) => Math.min(length - 1, Math.max(0, i)),
  wrap: (i, length) => remainder(i, length),
  reflect: (i, length) => {
    if (length === 1) return 0
    const place = remainder(i, 2 * (length - 1))
    return place < length ? place : 2 * (length - 1) - place
  },
}

/** How much each axis grows before and after it; negative sizes cut. */
function padsOf(call: Call, rank: number): { before: number[]; after: number[] } {
  const pads = intsFrom(call, 'pads', 1, 11) ?? []
  const given = call.opset < 18 ? undefined : call.inputs[3]
  const axes = given === undefined ? undefined : Array.from(given.data, (axis) => normaliseAxis(axis, rank))
  const count = axes?.length ?? rank
  const before = new Array<number>(rank).fill(0)
  const after = new Array<number>(rank).fill(0)
  for (let i = 0; i < count; i++) {
    before[axes?.[i] ?? i] = pads[i]
    after[axes?.[i] ?? i] = pads[count + i]
  }
  return { before, after }
}

/** For each position of a padded axis, the place in `x` that it shows, or −1: what is cut is not shown elsewhere. */
function placesAlong(length: number, before: number, after: number, source: Source): Int32Array {
  const cut = Math.max(0, -before)
  const kept = length - cut - Math.max(0, -after)
  return Int32Array.from({ length: length + before + after }, (_, at) => {
    const i = at - Math.max(0, before)
    if (i >= 0 && i < kept) return i + cut
    const place = source(i, kept)
    return place < 0 ? -1 : place + cut
  })
}

const pad: Kernel = (call) => {
  const x = input(call, 0)
  const mode = textOf(call, 'mode', 'constant')
  const source = sources[mode]
  if (source === undefined) throw new InvalidInputError(`${describe(call.node)} pads in the unknown mode "${mode}"`)
  const { before, after } = padsOf(call, x.dims.length)
  const filler = call.opset < 11 ? floatOf(call, 'value', 0) : (call.inputs[2]?.data[0] ?? 0)
  const places = x.dims.map((dim, axis) => placesAlong(dim, before[axis], after[axis], source))
  const dims = places.map((axis) => axis.length)
  const data = new Float64Array(sizeOf(dims)).fill(filler)
  const strides = stridesOf(x.dims)
  const last = dims.length - 1
  let at = 0
  const copy = (axis: number, offset: number): void => {
    if (axis > last) data[at++] = x.data[offset]
    else {
      for (const place of places[axis]) {
        if (place < 0) at += sizeOf(dims.slice(axis + 1))
        else copy(axis + 1, offset + place * strides[axis])
      }
    }
  }
  copy(0, 0)
  return [value(x.kind, dims, data)]
}

/** Axes made longer or shorter at their ends. */
export const padding: Kernels = { Pad: pad }
