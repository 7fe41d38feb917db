import { broadcastDims, broadcastTo } from '../indexing.ts'
import { type Call, input, type Kernel } from '../kernel.ts'
import { type Kind, type Value, value } from '../value.ts'

/** Fills `out` from `a` and `b` of the same length; `out` may be `a`. */
export type Loop = (a: Float64Array, b: Float64Array, out: Float64Array) => void

/** The first input with `f` applied to each number, of its own kind or another. */
export function mapped(call: Call, f: (x: number) => number, kind?: Kind): Value[] {
  const x = input(call, 0)
  const result = value(kind ?? x.kind, x.dims)
  for (let i = 0; i < x.data.length; i++) result.data[i] = f(x.data[i])
  return [result]
}

/** The first two inputs, broadcast, combined by a loop; of the first one's kind or another. */
export function combined(call: Call, loop: Loop, kind?: Kind): Value[] {
  const [a, b] = [input(call, 0), input(call, 1)]
  const dims = broadcastDims(a.dims, b.dims)
  const result = value(kind ?? a.kind, dims)
  loop(broadcastTo(a, dims), broadcastTo(b, dims), result.data)
  return [result]
}

/** A kernel that applies a function without attributes to each number. */
export const each =
  (f: (x: number) => number, kind?: Kind): Kernel =>
  (call) =>
    mapped(call, f, kind)

/** A kernel that combines two inputs by a loop without attributes. */
export const pairwise =
  (loop: Loop, kind?: Kind): Kernel =>
  (call) =>
    combined(call, loop, kind)

/** A kernel of any number of inputs, combined from left to right. */
export const leftToRight =
  (loop: Loop): Kernel =>
  (call) => {
    const inputs = call.inputs.map((_, i) => input(call, i))
    const dims = broadcastDims(...inputs.map((one) => one.dims))
    const result = value(input(call, 0).kind, dims)
    result.data.set(broadcastTo(input(call, 0), dims))
    for (const next of inputs.slice(1)) loop(result.data, broadcastTo(next, dims), result.data)
    return [result]
  }
