import { floatOf, intOf } from '../../onnx/index.ts'
import { type Backward, defineRule } from '../rule.ts'
import type { TypedValue } from '../typed-value.ts'
import { byBatchStatistics } from './batch-statistics.ts'
import { perChannel } from './per-channel.ts'

/**
 * `Y = scale (X − mean) / √(var + ε) + B` for each channel. By running statistics it is an affine map, with
 * `∂X = ∂Y scale / √(var + ε)`; in training mean and variance are functions of `X` themselves.
 */
export const batchNormalization = defineRule({
  operator: 'BatchNormalization',
  through: ['X', 'scale', 'B', 'input_mean', 'input_var'],
  backward: (call) =>
    intOf(call.node, 'training_mode', 0) === 1 ? byBatchStatistics(call) : byRunningStatistics(call),
})

function byRunningStatistics(call: Backward): (TypedValue | undefined)[] {
  const { ops, node, inputs, gradients, wants } = call
  const [x, scale, , mean, variance] = inputs as [TypedValue, TypedValue, TypedValue, TypedValue, TypedValue]
  const gradient = gradients[0]!
  const channels = perChannel(ops, x.dims.length)
  const moved = ops.add(variance, ops.scalar(floatOf(node, 'epsilon', 1e-5), variance))
  const deviation = ops.unary('Sqrt', moved)
  const factor = ops.div(scale, deviation)
  const sums = wants(2) || wants(3) ? channels.sums(gradient) : undefined
  const products =
    wants(1) || wants(4) ? channels.sums(ops.mul(gradient, ops.sub(x, channels.beside(mean)))) : undefined
  return [
    wants(0) ? ops.mul(gradient, channels.beside(factor)) : undefined,
    wants(1) ? ops.div(products!, deviation) : undefined,
    sums,
    wants(3) ? ops.neg(ops.mul(sums!, factor)) : undefined,
    wants(4) ? ops.scale(ops.div(ops.mul(products!, factor), moved), -0.5) : undefined,
  ]
}
