import { int, intOf, textOf } from '../../onnx/index.ts'
import { defineRule } from '../rule.ts'

/** The blocks of the gradient as channels again. */
export const depthToSpace = defineRule({
  operator: 'DepthToSpace',
  through: ['input'],
  backward({ node, ops, inputs, gradients }) {
    const [{ dims }, gradient] = [inputs[0]!, gradients[0]!]
    const [n, channels, h, w] = dims as [number, number, number, number]
    const b = intOf(node, 'blocksize', 1)
    if (textOf(node, 'mode', 'DCR') === 'DCR') {
      return [ops.node('SpaceToDepth', [gradient], { dims }, { blocksize: int(b) })]
    }
    const blocks = ops.reshape(gradient, [n, channels / (b * b), h, b, w, b])
    return [ops.reshape(ops.transpose(blocks, [0, 1, 3, 5, 2, 4]), dims)]
  },
})
