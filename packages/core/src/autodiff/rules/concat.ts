import { intOf } from '../../onnx/index.ts'
import { defineRule } from '../rule.ts'
import { frontAxis } from '../typed-value.ts'

/** Each input's gradient is its own slice of the output's. */
export const concat = defineRule({
  operator: 'Concat',
  through: ['inputs'],
  backward({ node, ops, inputs, gradients, wants }) {
    const gradient = gradients[0]!
    const axis = frontAxis(intOf(node, 'axis', 0), gradient.dims.length)
    let end = 0
    return inputs.map((input, i) => {
      const start = end
      end += input!.dims[axis]!
      return wants(i) ? ops.slice(gradient, [{ axis, start, end }]) : undefined
    })
  },
})
