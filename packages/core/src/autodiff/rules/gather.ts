import { intOf } from '../../onnx/index.ts'
import { sizeOf } from '../../tensor/index.ts'
import { defineRule } from '../rule.ts'
import { frontAxis } from '../typed-value.ts'
import { placesFromFront } from './known-rows.ts'
import { padAlong } from './pad-along.ts'
import { sumRows } from './row-sums.ts'

/**
 * Each slice of the data has the sum of the gradients of those that it was copied to. One known index, or several that
 * count up, are a slice of the data: zeros around the gradient.
 */
export const gather = defineRule({
  operator: 'Gather',
  through: ['data'],
  backward({ node, ops, inputs, gradients, known }) {
    const [{ dims }, indices, gradient] = [inputs[0]!, inputs[1]!, gradients[0]!]
    const axis = frontAxis(intOf(node, 'axis', 0), dims.length)
    const [length, count] = [dims[axis]!, sizeOf(indices.dims)]
    const numbers = known(indices)
    const [first, ...others] = numbers === undefined ? [] : placesFromFront(numbers, length)
    if (first !== undefined && others.every((place, i) => place === first + 1 + i)) {
      return [padAlong(ops, ops.reshape(gradient, dims.with(axis, count)), axis, first, length)]
    }
    const rows = ops.reshape(gradient, [sizeOf(dims.slice(0, axis)), count, sizeOf(dims.slice(axis + 1))])
    return [ops.reshape(sumRows(ops, { rows, places: indices, known: numbers, length }), dims)]
  },
})
