import { floatOf, intOf } from '../../onnx/index.ts'
import { sizeOf } from '../../tensor/index.ts'
import { defineRule } from '../rule.ts'
import { frontAxis, type TypedValue } from '../typed-value.ts'

/**
 * `Y = X̂ scale`, `X̂ = X s`, `s = 1 / √(Σ X² / D + ε)` over the last axes, of `D` numbers a row. With `P = ∂Y X̂`:
 *
 *     ∂X = s (∂Y scale − X̂ Σ(P scale) / D),   ∂scale = Σ P
 */
export const rmsNormalization = defineRule({
  operator: 'RMSNormalization',
  through: ['X', 'scale'],
  backward({ ops, node, inputs, gradients, wants }) {
    const [x, scale] = inputs as [TypedValue, TypedValue]
    const axis = frontAxis(intOf(node, 'axis', -1), x.dims.length)
    const own = x.dims.slice(axis)
    const length = sizeOf(own)
    const shape = [sizeOf(x.dims.slice(0, axis)), length]
    const gradient = ops.reshape(gradients[0]!, shape)
    const flat = ops.reshape(x, shape)
    const squares = ops.reduce('ReduceMean', ops.mul(flat, flat), [1], true)
    const moved = ops.add(squares, ops.scalar(floatOf(node, 'epsilon', 1e-5), x))
    const inverse = ops.unary('Reciprocal', ops.unary('Sqrt', moved))
    const rows = ops.mul(flat, inverse)
    const products = ops.mul(gradient, rows)

    const byX = (): TypedValue => {
      const weights = ops.reshape(ops.expand(scale, own), [1, length])
      const slope = ops.matmul(products, ops.reshape(ops.scale(weights, 1 / length), [length, 1]))
      return ops.mul(ops.sub(ops.mul(gradient, weights), ops.mul(rows, slope)), inverse)
    }
    return [
      wants(0) ? ops.reshape(byX(), x.dims) : undefined,
      wants(1) ? ops.sumTo(ops.reshape(ops.sumTo(products, [length]), own), scale.dims) : undefined,
    ]
  },
})
