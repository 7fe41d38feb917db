import { InvalidInputError } from '../../errors.ts'
import { sizeOf } from '../../tensor/index.ts'
import { type Call, describe, input, intOf, type Kernel, type Kernels } from '../kernel.ts'
import { type Kind, tensorValue, type Value, value } from '../value.ts'
import { kindOfCode } from './casts.ts'

const integers = (numbers: readonly number[]): Value => value('int', [numbers.length], Float64Array.from(numbers))

/** The value of Constant: whichever of its attributes is there. */
function constantOf(call: Call): Value {
  const held = Object.values(call.node.attributes)[0]
  switch (held?.type) {
    case 'tensor':
      return tensorValue(held.value)
    case 'float':
      return value('float', [], Float64Array.of(Math.fround(held.value)))
    case 'floats':
      return value('float', [held.value.length], Float64Array.from(held.value, Math.fround))
    case 'int':
      return value('int', [], Float64Array.of(Number(held.value)))
    case 'ints':
      return integers(held.value.map(Number))
    default:
      throw new InvalidInputError(`${describe(call.node)} holds no dense numbers, which is all the interpreter reads`)
  }
}

const shape: Kernel = (call) => {
  const { dims } = input(call, 0)
  const start = call.opset < 15 ? 0 : intOf(call, 'start', 0)
  const end = call.opset < 15 ? dims.length : intOf(call, 'end', dims.length)
  return [integers(dims.slice(start, end))]
}

const range: Kernel = (call) => {
  const [start, limit, step] = [0, 1, 2].map((i) => input(call, i).data[0])
  const length = Math.max(0, Math.ceil((limit - start) / step))
  return [
    value(
      input(call, 0).kind,
      [length],
      Float64Array.from({ length }, (_, i) => start + i * step),
    ),
  ]
}

const constantOfShape: Kernel = (call) => {
  const dims = Array.from(input(call, 0).data)
  const held = call.node.attributes.value
  const filler = held?.type === 'tensor' ? tensorValue(held.value) : value('float', [1])
  return [value(filler.kind, dims, new Float64Array(sizeOf(dims)).fill(filler.data[0]))]
}

const eyeLike: Kernel = (call) => {
  const { kind, dims } = input(call, 0)
  const code = intOf(call, 'dtype', 0)
  const offset = intOf(call, 'k', 0)
  const made: Kind = code === 0 ? kind : kindOfCode(call, code)
  const result = value(made, dims)
  for (let row = Math.max(0, -offset); row < dims[0] && row + offset < dims[1]; row++) {
    result.data[row * dims[1] + row + offset] = 1
  }
  return [result]
}

/** Values made from shapes, sizes and settings rather than from numbers. */
export const making: Kernels = {
  Constant: (call) => [constantOf(call)],
  ConstantOfShape: constantOfShape,
  EyeLike: eyeLike,
  Range: range,
  Shape: shape,
  Size: (call) => [value('int', [], Float64Array.of(input(call, 0).data.length))],
}
