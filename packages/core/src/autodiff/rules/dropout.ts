import { InvalidInputError } from '../../errors.ts'
import { describeNode } from '../../onnx/index.ts'
import { defineRule } from '../rule.ts'

/** `∂y · mask / (1 − ratio)` in training, `∂y` outside it. */
export const dropout = defineRule({
  operator: 'Dropout',
  through: ['data'],
  limits: 'in training mode its mask must be among its outputs',
  backward({ node, ops, inputs, outputs, gradients, known }) {
    const [gradient, training, mask] = [gradients[0]!, inputs[2], outputs[1]]
    const mode = known(training)
    if (training === undefined || mode?.data[0] === 0) return [gradient]
    if (mask === undefined) {
      throw new InvalidInputError(
        `${describeNode(node)} is in training mode without its second output, the mask: the gradient needs it, name it`,
      )
    }
    const ratio = inputs[1] === undefined ? 0.5 : known(inputs[1])?.data[0]
    const one = ops.scalar(1, gradient)
    const kept =
      ratio === undefined
        ? ops.div(one, ops.sub(one, ops.reshape(ops.cast(inputs[1]!, gradient.type), [])))
        : ops.scalar(1 / (1 - Number(ratio)), gradient)
    const factor = mode === undefined ? ops.where(ops.reshape(training, []), kept, one) : kept
    return [ops.mul(gradient, ops.mul(ops.indicator(mask, gradient), factor))]
  },
})
