import type { Ops } from '../ops.ts'
import type { TypedValue } from '../typed-value.ts'
import { channelSums } from './conv.ts'

/** Arithmetic with one number for each channel, the second axis of a tensor of `rank` axes. */
export interface PerChannel {
  /** The `C` sums of a tensor over all other axes. */
  sums(x: TypedValue): TypedValue
  /** `C` numbers in a shape that broadcasts to the tensor. */
  beside(numbers: TypedValue): TypedValue
}

export const perChannel = (ops: Ops, rank: number): PerChannel => ({
  sums: (x) => (rank === 2 ? ops.sumTo(x, [x.dims[1]!]) : channelSums(ops, x)),
  beside: (numbers) => ops.reshape(numbers, [numbers.dims[0]!, ...Array<number>(rank - 2).fill(1)]),
})
