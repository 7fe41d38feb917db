import { floatOf } from '../../onnx/index.ts'
import { sizeOf } from '../../tensor/index.ts'
import type { Backward } from '../rule.ts'
import type { TypedValue } from '../typed-value.ts'
import { perChannel } from './per-channel.ts'

/**
 * Batch normalisation in training. Over the `m` numbers of a channel, with `μ` and `v` their mean and variance,
 * `X̃ = X − μ`, `s = 1 / √(v + ε)` and `S = Σ ∂Y X̃`:
 *
 *     ∂X = s scale (∂Y − Σ∂Y / m − X̃ s² S / m),   ∂scale = s S,   ∂B = Σ∂Y
 *
 * To that come the gradients by the outputs `running_mean` and `running_var`, where `μ` and `v` have the part
 * `1 − momentum`.
 */
export function byBatchStatistics({ ops, node, inputs, gradients, wants }: Backward): (TypedValue | undefined)[] {
  const [x, scale] = inputs as [TypedValue, TypedValue]
  const channels = perChannel(ops, x.dims.length)
  const count = sizeOf(x.dims) / x.dims[1]!
  const gradient = gradients[0] ?? ops.expand(ops.scalar(0, x), x.dims)
  const [byMean, byVariance] = [gradients[1], gradients[2]]
  const own = 1 - floatOf(node, 'momentum', 0.9)

  const centred = ops.sub(x, channels.beside(ops.scale(channels.sums(x), 1 / count)))
  const variance = ops.scale(channels.sums(ops.mul(centred, centred)), 1 / count)
  const moved = ops.add(variance, ops.scalar(floatOf(node, 'epsilon', 1e-5), variance))
  const deviation = ops.unary('Sqrt', moved)
  const factor = ops.div(scale, deviation)
  const sums = channels.sums(gradient)
  const products = channels.sums(ops.mul(gradient, centred))

  /** `∂X = factor ∂Y + slope X̃ + offset`. */
  const byX = (): TypedValue => {
    const slope = ops.scale(ops.div(ops.mul(factor, products), moved), -1 / count)
    const offset = ops.scale(ops.mul(factor, sums), -1 / count)
    const slopes = byVariance === undefined ? slope : ops.add(slope, ops.scale(byVariance, (2 * own) / count))
    const offsets = byMean === undefined ? offset : ops.add(offset, ops.scale(byMean, own / count))
    const affine = ops.add(ops.mul(centred, channels.beside(slopes)), channels.beside(offsets))
    return ops.add(ops.mul(gradient, channels.beside(factor)), affine)
  }
  return [
    wants(0) ? byX() : undefined,
    wants(1) ? ops.div(products, deviation) : undefined,
    sums,
    byMean && ops.scale(byMean, 1 - own),
    byVariance && ops.scale(byVariance, 1 - own),
  ]
}
