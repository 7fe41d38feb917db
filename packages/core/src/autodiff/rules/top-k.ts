import { int, intOf } from '../../onnx/index.ts'
import { defineRule } from '../rule.ts'
import { frontAxis } from '../typed-value.ts'
import { zeros } from './pad-along.ts'

/** The gradient by the values, at the places that they came from. */
export const topK = defineRule({
  operator: 'TopK',
  through: ['X'],
  backward({ node, ops, inputs, outputs, gradients }) {
    const [x, gradient] = [inputs[0]!, gradients[0]!]
    const axis = frontAxis(intOf(node, 'axis', -1), x.dims.length)
    return [ops.node('ScatterElements', [zeros(ops, x, x.dims), outputs[1], gradient], x, { axis: int(axis) })]
  },
})
