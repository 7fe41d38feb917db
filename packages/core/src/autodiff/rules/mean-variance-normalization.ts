import { intsOf } from '../../onnx/index.ts'
import { defineRule } from '../rule.ts'
import { frontAxis } from '../typed-value.ts'

/** What ONNX adds to the deviation. */
const EPSILON = 1e-9

/** `Y = (X − μ) / σ` over some axes: `∂X = (∂Y − mean ∂Y − Y mean(∂Y Y)) / σ`. */
export const meanVarianceNormalization = defineRule({
  operator: 'MeanVarianceNormalization',
  through: ['X'],
  backward({ ops, node, inputs, outputs, gradients }) {
    const [x, y, gradient] = [inputs[0]!, outputs[0]!, gradients[0]!]
    const axes = (intsOf(node, 'axes') ?? [0, 2, 3]).map((axis) => frontAxis(axis, x.dims.length))
    const mean = (value: typeof x) => ops.reduce('ReduceMean', value, axes, true)
    const centred = ops.sub(x, mean(x))
    const deviation = ops.add(ops.unary('Sqrt', mean(ops.mul(centred, centred))), ops.scalar(EPSILON, x))
    const along = ops.mul(y, mean(ops.mul(gradient, y)))
    return [ops.div(ops.sub(ops.sub(gradient, along), mean(gradient)), deviation)]
  },
})
