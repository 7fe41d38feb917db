import { sizeOf } from '../../tensor/index.ts'
import type { Backward } from '../rule.ts'
import type { TypedValue } from '../typed-value.ts'
import { standardisedRows } from './standardised-rows.ts'

/**
 * The gradients of `Y = X̂ scale + bias`, `X̂ = (X − μ) s` over `groups` equal groups of channels in each example, of `D`
 * numbers each. With `P = ∂Y X̂`:
 *
 *     ∂X = s (∂Y scale − Σ(∂Y scale) / D − X̂ Σ(P scale) / D),   ∂scale = Σ P,   ∂bias = Σ ∂Y
 *
 * All sums are made of those of `∂Y` and `P` over the positions of one channel. `scale` and `bias` have one number for a
 * channel or, in operator sets before 21, for a group.
 */
export function groupsGradient(
  { ops, inputs, gradients, wants }: Backward,
  groups: number,
  epsilon: number,
): (TypedValue | undefined)[] {
  const [x, scale] = inputs as [TypedValue, TypedValue]
  const [batch, channels] = x.dims as [number, number]
  const each = channels / groups
  const space = sizeOf(x.dims.slice(2))
  const count = each * space
  const shape = [batch, groups, each, space]
  const standard = standardisedRows(ops, ops.reshape(x, [batch * groups, count]), epsilon)
  const rows = ops.reshape(standard.rows, shape)
  const inverse = ops.reshape(standard.inverse, [batch, groups, 1, 1])
  const gradient = ops.reshape(gradients[0]!, shape)
  const perGroup = scale.dims[0] !== channels
  const weights = ops.reshape(scale, [groups, perGroup ? 1 : each, 1])

  /** `N × G × C/G × 1`. */
  const sums = ops.reduce('ReduceSum', gradient, [3], true)
  const products = ops.reduce('ReduceSum', ops.mul(gradient, rows), [3], true)
  const byParameter = (channelSums: TypedValue) => ops.reshape(ops.sumTo(channelSums, weights.dims), scale.dims)
  const byX = (): TypedValue => {
    const overGroup = (channelSums: TypedValue) =>
      ops.scale(ops.mul(ops.reduce('ReduceSum', ops.mul(channelSums, weights), [2], true), inverse), 1 / count)
    const scaled = ops.mul(gradient, ops.mul(weights, inverse))
    return ops.sub(ops.sub(scaled, ops.mul(rows, overGroup(products))), overGroup(sums))
  }
  return [
    wants(0) ? ops.reshape(byX(), x.dims) : undefined,
    wants(1) ? byParameter(products) : undefined,
    wants(2) ? byParameter(sums) : undefined,
  ]
}
