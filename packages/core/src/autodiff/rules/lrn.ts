import { floatOf, int, intOf, ints } from '../../onnx/index.ts'
import { sizeOf } from '../../tensor/index.ts'
import type { Ops } from '../ops.ts'
import { defineRule } from '../rule.ts'
import type { TypedValue } from '../typed-value.ts'

/**
 * `Yᵢ = Xᵢ uᵢ^−β`, `u = bias + α/size Σ X²` over the channels near `i`: `∂X = ∂Y u^−β − 2αβ/size X Σ (∂Y Y / u)`, the sum
 * over the channels that have this one near.
 */
export const lrn = defineRule({
  operator: 'LRN',
  through: ['X'],
  backward({ ops, node, inputs, outputs, gradients }) {
    const [x, y, gradient] = [inputs[0]!, outputs[0]!, gradients[0]!]
    const [alpha, beta] = [floatOf(node, 'alpha', 1e-4), floatOf(node, 'beta', 0.75)]
    const size = intOf(node, 'size', 1)
    const [below, above] = [Math.floor((size - 1) / 2), Math.ceil((size - 1) / 2)]
    const squares = ops.scale(channelMeans(ops, ops.mul(x, x), below, above), alpha)
    const u = ops.add(squares, ops.scalar(floatOf(node, 'bias', 1), x))
    const power = ops.unary('Exp', ops.scale(ops.unary('Log', u), -beta))
    const back = channelMeans(ops, ops.div(ops.mul(gradient, y), u), above, below)
    return [ops.sub(ops.mul(gradient, power), ops.mul(x, ops.scale(back, 2 * alpha * beta)))]
  },
})

/** For each channel the sum over it, `below` channels before and `above` after it, divided by their number. */
function channelMeans(ops: Ops, x: TypedValue, below: number, above: number): TypedValue {
  const shape = [x.dims[0]!, 1, x.dims[1]!, sizeOf(x.dims.slice(2))]
  const attributes = {
    kernel_shape: ints([below + 1 + above, 1]),
    pads: ints([below, 0, above, 0]),
    count_include_pad: int(1),
  }
  return ops.reshape(ops.node('AveragePool', [ops.reshape(x, shape)], { dims: shape }, attributes), x.dims)
}
