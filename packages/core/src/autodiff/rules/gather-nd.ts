import { intOf } from '../../onnx/index.ts'
import { sizeOf } from '../../tensor/index.ts'
import { defineRule } from '../rule.ts'
import { sumRows } from './row-sums.ts'
import { knownTuplePlaces, tuplePlaces } from './tuple-places.ts'

/** Each slice of the data has the sum of the gradients of those that it was copied to. */
export const gatherND = defineRule({
  operator: 'GatherND',
  through: ['data'],
  backward({ node, ops, inputs, gradients, known }) {
    const [{ dims }, indices] = [inputs[0]!, inputs[1]!]
    const batch = intOf(node, 'batch_dims', 0)
    const depth = batch + indices.dims.at(-1)!
    const length = sizeOf(dims.slice(0, depth))
    const numbers = known(indices)
    const places = numbers === undefined ? undefined : knownTuplePlaces(numbers, dims, batch)
    const rows = ops.reshape(gradients[0]!, [1, sizeOf(indices.dims.slice(0, -1)), sizeOf(dims.slice(depth))])
    const sums = sumRows(ops, {
      rows,
      places: places === undefined ? tuplePlaces(ops, indices, dims, batch) : ops.constant(places),
      known: places,
      length,
    })
    return [ops.reshape(sums, dims)]
  },
})
