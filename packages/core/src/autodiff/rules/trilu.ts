import { int, intOf } from '../../onnx/index.ts'
import { defineRule } from '../rule.ts'

/** The same triangle of the gradient. */
export const trilu = defineRule({
  operator: 'Trilu',
  through: ['input'],
  backward: ({ node, ops, inputs, gradients }) => [
    ops.node('Trilu', [gradients[0], inputs[1]], inputs[0]!, { upper: int(intOf(node, 'upper', 1)) }),
  ],
})
