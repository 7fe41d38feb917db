import { int, intOf } from '../../onnx/index.ts'
import { sizeOf } from '../../tensor/index.ts'
import { defineRule } from '../rule.ts'
import { frontAxis } from '../typed-value.ts'
import { elementPlaces } from './element-places.ts'
import { zeros } from './pad-along.ts'
import { sumRows } from './row-sums.ts'

/** Each element has the sum of the gradients of those that it was copied to. */
export const gatherElements = defineRule({
  operator: 'GatherElements',
  through: ['data'],
  backward({ node, ops, inputs, gradients }) {
    const [data, indices, gradient] = [inputs[0]!, inputs[1]!, gradients[0]!]
    const axis = frontAxis(intOf(node, 'axis', 0), data.dims.length)
    if (indices.dims[axis] === 1) {
      return [ops.node('ScatterElements', [zeros(ops, data, data.dims), indices, gradient], data, { axis: int(axis) })]
    }
    const size = sizeOf(indices.dims)
    const places = elementPlaces(ops, indices, data.dims, axis)
    const rows = ops.reshape(gradient, [1, size, 1])
    return [ops.reshape(sumRows(ops, { rows, places, known: undefined, length: sizeOf(data.dims) }), data.dims)]
  },
})
