import type { Tensor } from '../../tensor/index.ts'
import type { Node } from '../model.ts'

/** The tensor that a `Constant` node holds, in whichever of its attributes; undefined for every other node. */
export function constantOf(node: Node): Tensor | undefined {
  if (node.op !== 'Constant' || node.domain !== '') return undefined
  for (const [name, { type, value }] of Object.entries(node.attributes)) {
    if (name === 'value' && type === 'tensor') return value
    if (name === 'value_int' && type === 'int')
      return { type: 'int64', dims: [], data: BigInt64Array.of(BigInt(value)) }
    if (name === 'value_ints' && type === 'ints') {
      return { type: 'int64', dims: [value.length], data: BigInt64Array.from(value, BigInt) }
    }
    if (name === 'value_float' && type === 'float') return { type: 'float32', dims: [], data: Float32Array.of(value) }
    if (name === 'value_floats' && type === 'floats') {
      return { type: 'float32', dims: [value.length], data: Float32Array.from(value) }
    }
  }
  return undefined
}
