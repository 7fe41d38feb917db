import { sizeOf } from '../../tensor/index.ts'
import type { Ops } from '../ops.ts'
import type { TypedValue } from '../typed-value.ts'

/** A value whose axes have names, no two of them the same. */
export interface Labelled {
  readonly value: TypedValue
  readonly labels: readonly string[]
}

/** Sums away all axes but `kept`. */
export function sumOver(ops: Ops, { value, labels }: Labelled, kept: ReadonlySet<string>): Labelled {
  const axes = labels.flatMap((label, axis) => (kept.has(label) ? [] : [axis]))
  return {
    value: ops.reduce('ReduceSum', value, axes, false),
    labels: labels.filter((label) => kept.has(label)),
  }
}

/** Brings the axes into the order of `labels`. */
export const ordered = (ops: Ops, { value, labels }: Labelled, order: readonly string[]): TypedValue =>
  ops.transpose(
    value,
    order.map((label) => labels.indexOf(label)),
  )

/**
 * The product of two values, summed over all axes but `kept`. Axes of one name have one length. What is summed over in
 * both is one matrix product, batched over the axes that both keep.
 */
export function contraction(ops: Ops, left: Labelled, right: Labelled, kept: ReadonlySet<string>): Labelled {
  const a = sumOver(ops, left, new Set([...kept, ...right.labels]))
  const b = sumOver(ops, right, new Set([...kept, ...left.labels]))
  const shared = a.labels.filter((label) => b.labels.includes(label))
  const batch = shared.filter((label) => kept.has(label))
  const summed = shared.filter((label) => !kept.has(label))
  const rows = a.labels.filter((label) => !shared.includes(label))
  const columns = b.labels.filter((label) => !shared.includes(label))
  const labels = [...batch, ...rows, ...columns]
  const sizes = new Map([...a.labels, ...b.labels].map((label) => [label, sizeIn(a, label) ?? sizeIn(b, label)!]))
  const sizesOf = (some: readonly string[]) => some.map((label) => sizes.get(label)!)

  const first = ordered(ops, a, [...batch, ...rows, ...summed])
  const second = ordered(ops, b, [...batch, ...summed, ...columns])
  if (summed.length === 0) {
    const spaced = ops.reshape(first, [...sizesOf([...batch, ...rows]), ...columns.map(() => 1)])
    const beside = ops.reshape(second, [...sizesOf(batch), ...rows.map(() => 1), ...sizesOf(columns)])
    return { value: ops.mul(spaced, beside), labels }
  }
  const batches = batch.length === 0 ? [] : [sizeOf(sizesOf(batch))]
  const [r, s, c] = [rows, summed, columns].map((some) => sizeOf(sizesOf(some))) as [number, number, number]
  const product = ops.matmul(ops.reshape(first, [...batches, r, s]), ops.reshape(second, [...batches, s, c]))
  return { value: ops.reshape(product, sizesOf(labels)), labels }
}

const sizeIn = ({ value, labels }: Labelled, label: string): number | undefined => value.dims[labels.indexOf(label)]
