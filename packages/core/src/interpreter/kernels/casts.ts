import { InvalidInputError } from '../../errors.ts'
import { type Call, describe, input, intOf, type Kernels } from '../kernel.ts'
import { type Kind, type Value, value } from '../value.ts'

/** ONNX's numbers of the types of each kind; float16 and bfloat16 are among them, at full precision here. */
const codes: Readonly<Record<Kind, readonly number[]>> = {
  float: [1, 10, 11, 16],
  int: [2, 3, 4, 5, 6, 7, 12, 13],
  bool: [9],
}

/** What keeps whole numbers in the widths that float64 holds: by ONNX's number of the type. */
const narrowed: Readonly<Record<number, (x: Float64Array) => ArrayLike<number>>> = {
  2: (x) => Uint8Array.from(x),
  3: (x) => Int8Array.from(x),
  4: (x) => Uint16Array.from(x),
  5: (x) => Int16Array.from(x),
  6: (x) => Int32Array.from(x),
  12: (x) => Uint32Array.from(x),
}

/** The kind of an attribute that names a type by ONNX's number; throws `InvalidInputError` for text and 8-bit floats. */
export function kindOfCode(call: Call, code: number): Kind {
  const kind = (['float', 'int', 'bool'] as const).find((one) => codes[one].includes(code))
  if (kind === undefined) {
    throw new InvalidInputError(
      `the interpreter has no numbers of ONNX's type ${code}, which ${describe(call.node)} makes`,
    )
  }
  return kind
}

const truth = (x: number): number => (x !== 0 ? 1 : 0)
const whole = (x: number): number => Math.trunc(x) + 0

function converted({ kind: from, dims, data }: Value, kind: Kind): Value {
  if (kind === 'bool') return value(kind, dims, data.map(truth))
  if (kind === 'int' && from === 'float') return value(kind, dims, data.map(whole))
  return value(kind, dims, data)
}

/** Changes of type: floats become whole numbers towards zero, and keep float64's precision among themselves. */
export const casts: Kernels = {
  Cast: (call) => {
    const code = intOf(call, 'to', 1)
    const result = converted(input(call, 0), kindOfCode(call, code))
    const narrow = narrowed[code]
    return [narrow === undefined ? result : { ...result, data: Float64Array.from(narrow(result.data)) }]
  },
  CastLike: (call) => [converted(input(call, 0), input(call, 1).kind)],
}
