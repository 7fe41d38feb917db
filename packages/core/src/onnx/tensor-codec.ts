import { InvalidInputError } from '../errors.ts'
import { type ElementArrays, type ElementType, sizeOf, type Tensor } from '../tensor/index.ts'
import type { Message } from './wire.ts'

/** ONNX's number of each element type; a type missing here is carried as its bytes. */
const codes: Readonly<Record<Exclude<ElementType, 'packed'>, number>> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  uint16: 4,
  int16: 5,
  int32: 6,
  int64: 7,
  string: 8,
  bool: 9,
  float16: 10,
  float64: 11,
  uint32: 12,
  uint64: 13,
  bfloat16: 16,
}
const typesByCode = new Map(Object.entries(codes).map(([type, code]) => [code, type as ElementType]))

/** The element type of an ONNX type number; `packed` for one without a JavaScript array. */
export const typeOfCode = (code: number): ElementType => typesByCode.get(code) ?? 'packed'

/** ONNX's number of a tensor's element type. */
export const codeOfType = (type: ElementType, code = 0): number => (type === 'packed' ? code : codes[type])

type NumericType = Exclude<ElementType, 'string' | 'packed'>
type NumericArray = ElementArrays[NumericType]

const arrays: Readonly<
  Record<
    NumericType,
    { new (buffer: ArrayBufferLike, offset: number, length: number): NumericArray; BYTES_PER_ELEMENT: number }
  >
> = {
  float32: Float32Array,
  uint8: Uint8Array,
  int8: Int8Array,
  uint16: Uint16Array,
  int16: Int16Array,
  int32: Int32Array,
  int64: BigInt64Array,
  bool: Uint8Array,
  float16: Uint16Array,
  float64: Float64Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
  bfloat16: Uint16Array,
}

/** Reads the bytes of a tensor that the file keeps elsewhere: `length` bytes from `offset` of the file `location`. */
export type ExternalData = (location: string, offset: number, length: number | undefined) => Uint8Array

/** Turns a TensorProto, in any of its forms (raw, typed fields, external), into a tensor. Raw data is viewed, not copied, where aligned. */
export function decodeTensor(message: Message, external?: ExternalData): Tensor {
  const name = (message.name as string | undefined) ?? ''
  const dims = ((message.dims as bigint[] | undefined) ?? []).map(Number)
  const code = (message.dataType as number | undefined) ?? 0
  const type = typeOfCode(code)
  const size = sizeOf(dims)
  if (type === 'string') {
    const decoder = new TextDecoder()
    const data = ((message.stringData as Uint8Array[] | undefined) ?? []).map((bytes) => decoder.decode(bytes))
    return checked({ type, dims, data }, size, name)
  }
  const bytes =
    message.dataLocation === 1 ? readExternal(message, name, external) : (message.rawData as Uint8Array | undefined)
  if (type === 'packed') return { type, dims, data: bytes ?? packedIntegers(message), code }
  if (bytes !== undefined) return checked({ type, dims, data: viewBytes(type, bytes, name) }, size, name)
  return checked({ type, dims, data: typedData(type, message) }, size, name)
}

/** Turns a tensor into a TensorProto with raw data that shares the tensor's memory. */
export function encodeTensor(name: string, t: Tensor): Message {
  const message: Message = { dims: t.dims.map(BigInt), dataType: codeOfType(t.type, t.code), name }
  if (t.type === 'string') {
    const encoder = new TextEncoder()
    message.stringData = (t.data as string[]).map((value) => encoder.encode(value))
  } else {
    const data = t.data as NumericArray
    message.rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  }
  return message
}

function readExternal(message: Message, name: string, external: ExternalData | undefined): Uint8Array {
  const entries = new Map(
    ((message.externalData as Message[] | undefined) ?? []).map((e) => [e.key, e.value as string]),
  )
  const location = entries.get('location')
  if (location === undefined || external === undefined) {
    throw new InvalidInputError(
      `tensor "${name}" keeps its data in another file (${location ?? 'unnamed'}), which was not given: keep that file beside the model`,
    )
  }
  const length = entries.get('length')
  return external(location, Number(entries.get('offset') ?? 0), length === undefined ? undefined : Number(length))
}

function viewBytes(type: NumericType, bytes: Uint8Array, name: string): NumericArray {
  const View = arrays[type]
  const width = View.BYTES_PER_ELEMENT
  if (bytes.length % width !== 0) {
    throw new InvalidInputError(
      `tensor "${name}" has ${bytes.length} bytes, not a multiple of ${width}: the file is damaged`,
    )
  }
  const aligned = bytes.byteOffset % width === 0 ? bytes : new Uint8Array(bytes)
  return new View(aligned.buffer, aligned.byteOffset, bytes.length / width)
}

/** The form with one field per family of types: small integers and 16-bit floats travel as int32, bool too. */
function typedData(type: NumericType, message: Message): NumericArray {
  const numbers = (field: string) => (message[field] as number[] | undefined) ?? []
  switch (type) {
    case 'float32':
      return Float32Array.from(numbers('floatData'))
    case 'float64':
      return Float64Array.from(numbers('doubleData'))
    case 'int64':
      return BigInt64Array.from((message.int64Data as bigint[] | undefined) ?? [])
    case 'uint64':
      return BigUint64Array.from((message.uint64Data as bigint[] | undefined) ?? [])
    case 'uint32':
      return Uint32Array.from((message.uint64Data as bigint[] | undefined) ?? [], Number)
    case 'int8':
      return Int8Array.from(numbers('int32Data'))
    case 'int16':
      return Int16Array.from(numbers('int32Data'))
    case 'int32':
      return Int32Array.from(numbers('int32Data'))
    case 'uint8':
    case 'bool':
      return Uint8Array.from(numbers('int32Data'))
    default:
      return Uint16Array.from(numbers('int32Data'))
  }
}

const packedIntegers = (message: Message): Uint8Array =>
  Uint8Array.from((message.int32Data as number[] | undefined) ?? [])

function checked(t: Tensor, size: number, name: string): Tensor {
  if (t.data.length !== size) {
    throw new InvalidInputError(
      `tensor "${name}" of shape [${t.dims.join(', ')}] needs ${size} elements, the file has ${t.data.length}: the file is damaged`,
    )
  }
  return t
}
