import { floatOf, intOf } from '../../onnx/index.ts'
import { sizeOf } from '../../tensor/index.ts'
import { type Backward, defineRule } from '../rule.ts'
import { frontAxis, type TypedValue } from '../typed-value.ts'
import { standardisedRows } from './standardised-rows.ts'

/**
 * `Y = X̂ Scale + B`, `X̂ = (X − μ) s` over the last axes, of `D` numbers a row. With `P = ∂Y X̂`:
 *
 *     ∂X = s (∂Y Scale − Σ(∂Y Scale) / D − X̂ Σ(P Scale) / D),   ∂Scale = Σ P,   ∂B = Σ ∂Y
 *
 * The sums for `∂X` are over a row, and products with the column `Scale / D`; those for `∂Scale` and `∂B` over the
 * rows. Gradients by the outputs `Mean` and `InvStdDev` add to the sums over a row.
 */
export const layerNormalization = defineRule({
  operator: 'LayerNormalization',
  through: ['X', 'Scale', 'B'],
  backward(call) {
    const { ops, node, inputs, gradients, wants } = call
    const [x, scale, bias] = inputs as [TypedValue, TypedValue, TypedValue | undefined]
    const axis = frontAxis(intOf(node, 'axis', -1), x.dims.length)
    const own = x.dims.slice(axis)
    const length = sizeOf(own)
    const shape = [sizeOf(x.dims.slice(0, axis)), length]
    const gradient = ops.reshape(gradients[0] ?? ops.expand(ops.scalar(0, x), x.dims), shape)
    const byScaleOrBias = (rows: TypedValue, dims: readonly number[]) =>
      ops.sumTo(ops.reshape(ops.sumTo(rows, [length]), own), dims)
    const byBias = wants(2) ? byScaleOrBias(gradient, bias!.dims) : undefined
    if (!wants(0) && !wants(1)) return [undefined, undefined, byBias]

    const { rows, inverse } = standardisedRows(ops, ops.reshape(x, shape), floatOf(node, 'epsilon', 1e-5))
    const products = ops.mul(gradient, rows)
    const byScale = wants(1) ? byScaleOrBias(products, scale.dims) : undefined
    if (!wants(0)) return [undefined, byScale, byBias]

    const weights = ops.reshape(ops.expand(scale, own), [1, length])
    const column = ops.reshape(ops.div(weights, ops.scalar(length, weights)), [length, 1])
    const [mean, slope] = withStatistics(call, ops.matmul(gradient, column), ops.matmul(products, column), inverse)
    const centred = ops.sub(ops.sub(ops.mul(gradient, weights), ops.mul(rows, slope)), mean)
    return [ops.reshape(ops.mul(centred, inverse), x.dims), byScale, byBias]
  },
})

/** The means over a row, `R × 1` each, with what the gradients by `Mean` and `InvStdDev` add. */
function withStatistics(
  { ops, inputs, gradients }: Backward,
  mean: TypedValue,
  slope: TypedValue,
  inverse: TypedValue,
): [mean: TypedValue, slope: TypedValue] {
  const length = sizeOf(inputs[0]!.dims) / inverse.dims[0]!
  const given = (index: number) =>
    gradients[index] && ops.scale(ops.cast(ops.reshape(gradients[index], inverse.dims), inverse.type), 1 / length)
  const [byMean, byInverse] = [given(1), given(2)]
  return [
    byMean === undefined ? mean : ops.sub(mean, ops.div(byMean, inverse)),
    byInverse === undefined ? slope : ops.add(slope, ops.mul(byInverse, inverse)),
  ]
}
