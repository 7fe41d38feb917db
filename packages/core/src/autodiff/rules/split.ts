import { intOf } from '../../onnx/index.ts'
import { type Backward, defineRule } from '../rule.ts'
import { frontAxis } from '../typed-value.ts'
import { padAlong } from './pad-along.ts'

/** The parts' gradients side by side, zeros where a part has none. */
export const split = defineRule({
  operator: 'Split',
  through: ['input'],
  backward(call) {
    const { node, ops, inputs, gradients } = call
    const { dims } = inputs[0]!
    const axis = frontAxis(intOf(node, 'axis', 0), dims.length)
    const lengths = partLengths(call, dims[axis]!)
    let end = 0
    const parts = lengths.flatMap((length, i) => {
      const start = end
      end += length
      return gradients[i] === undefined ? [] : [padAlong(ops, gradients[i], axis, start, dims[axis]!)]
    })
    return [ops.sum(parts)]
  },
})

/** As given, or equal but for the last. */
function partLengths({ node, inputs, outputs, known }: Backward, length: number): number[] {
  const given = known(inputs[1])
  if (given !== undefined) return Array.from(given.data as BigInt64Array, Number)
  const count = intOf(node, 'num_outputs', outputs.length)
  const part = Math.ceil(length / count)
  return Array.from({ length: count }, (_, i) => Math.max(0, Math.min(part, length - i * part)))
}
