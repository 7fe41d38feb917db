import type { ElementType } from '../tensor/index.ts'

/** A value of a graph whose type and shape are known before the graph runs. */
export interface TypedValue {
  readonly name: string
  readonly type: ElementType
  readonly dims: readonly number[]
}

/** The shape that two shapes broadcast to, as NumPy and ONNX do it: aligned at the last dimension. */
export function broadcastDims(a: readonly number[], b: readonly number[]): number[] {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, i) => {
    const x = a[i - rank + a.length] ?? 1
    const y = b[i - rank + b.length] ?? 1
    return x === 1 ? y : x
  })
}

/** Whether two shapes are the same. */
export const sameDims = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((dim, i) => dim === b[i])

/** `axis` counted from the front. */
export const frontAxis = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis)
