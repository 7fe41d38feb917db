import { int, intOf } from '../../onnx/index.ts'
import { defineRule } from '../rule.ts'

/** The channels of the gradient as blocks again. */
export const spaceToDepth = defineRule({
  operator: 'SpaceToDepth',
  through: ['input'],
  backward: ({ node, ops, inputs, gradients }) => [
    ops.node('DepthToSpace', [gradients[0]], inputs[0]!, { blocksize: int(intOf(node, 'blocksize', 1)) }),
  ],
})
