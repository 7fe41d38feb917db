import { InvalidInputError } from '../errors.ts'
import { sizeOf, type Tensor } from '../tensor/index.ts'
import { arrays, byteLength, codeOfType, type NumericArray, type NumericType, typeOfCode } from './element-types.ts'
import { type ExternalData, readExternal } from './external-data.ts'
import { blobsOf, integersOf, type Message, numbersOf } from './message.ts'
import { decodeText, encodeText } from './text.ts'

/** ONNX's value of `data_location` for data in another file. */
export const EXTERNAL = 1

/**
 * Turns a TensorProto, in any of its forms (raw, typed fields, external), into a tensor. Raw data is viewed, not
 * copied, where aligned. Throws `InvalidInputError`, naming the tensor, where its data do not fit its type and shape.
 */
export function decodeTensor(message: Message, external?: ExternalData): Tensor {
  const name = (message.name as string | undefined) ?? ''
  const dims = Array.from(integersOf(message.dims), Number)
  const code = (message.dataType as number | undefined) ?? 0
  if (code === 0) throw new InvalidInputError(`tensor "${name}" has no element type: the file is damaged`)
  if (!dims.every((dim) => dim >= 0)) {
    throw new InvalidInputError(`tensor "${name}" has the shape [${dims.join(', ')}]: the file is damaged`)
  }
  const type = typeOfCode(code)
  const size = sizeOf(dims)
  if (type === 'string') {
    const data = blobsOf(message.stringData).map((bytes) => text(bytes, name))
    return checked({ type, dims, data }, size, name)
  }
  const expected = byteLength(type, code, size)
  const bytes =
    message.dataLocation === EXTERNAL
      ? readExternal(message, name, expected, external)
      : (message.rawData as Uint8Array | undefined)
  if (type === 'packed') {
    const data = bytes ?? packedData(message)
    if (expected === undefined || data.length === expected) return { type, dims, data, code }
    throw new InvalidInputError(
      `tensor "${name}" of shape [${dims.join(', ')}] needs ${expected} bytes, the file has ${data.length}: the file is damaged`,
    )
  }
  const data = bytes === undefined ? typedData(type, message) : viewBytes(type, bytes, name)
  return checked({ type, dims, data }, size, name)
}

/**
 * Turns a tensor into a TensorProto with raw data that shares the tensor's memory. Throws `InvalidInputError` where
 * the data do not fit the shape.
 */
export function encodeTensor(name: string, t: Tensor): Message {
  const size = sizeOf(t.dims)
  const message: Message = { dims: t.dims.map(BigInt), dataType: codeOfType(t.type, t.code), name }
  if (t.type === 'string') {
    message.stringData = (checked(t, size, name).data as string[]).map(encodeText)
  } else {
    const data = (t.type === 'packed' ? t : checked(t, size, name)).data as NumericArray
    message.rawData = new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  }
  return message
}

function text(bytes: Uint8Array, name: string): string {
  const decoded = decodeText(bytes)
  if (decoded === undefined) throw new InvalidInputError(`tensor "${name}" holds strings that are not UTF-8`)
  return decoded
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
  switch (type) {
    case 'float32':
      return floats(message)
    case 'float64':
      return doubles(message)
    case 'int64': {
      const values = integersOf(message.int64Data)
      return values instanceof BigInt64Array ? values : BigInt64Array.from(values)
    }
    case 'uint64': {
      const values = integersOf(message.uint64Data)
      return values instanceof BigUint64Array ? values : BigUint64Array.from(values)
    }
    case 'uint32':
      return Uint32Array.from(integersOf(message.uint64Data), Number)
    case 'int8':
      return Int8Array.from(numbersOf(message.int32Data))
    case 'int16':
      return Int16Array.from(numbersOf(message.int32Data))
    case 'int32': {
      const values = numbersOf(message.int32Data)
      return values instanceof Int32Array ? values : Int32Array.from(values)
    }
    case 'uint8':
    case 'bool':
      return Uint8Array.from(numbersOf(message.int32Data))
    default:
      return Uint16Array.from(numbersOf(message.int32Data))
  }
}

function floats(message: Message): Float32Array {
  const values = numbersOf(message.floatData)
  return values instanceof Float32Array ? values : Float32Array.from(values)
}

function doubles(message: Message): Float64Array {
  const values = numbersOf(message.doubleData)
  return values instanceof Float64Array ? values : Float64Array.from(values)
}

/** Complex numbers travel as pairs of floats or doubles, every other type without a JavaScript array as int32. */
function packedData(message: Message): Uint8Array {
  const pairs = message.dataType === 14 ? floats(message) : message.dataType === 15 ? doubles(message) : undefined
  if (pairs !== undefined) return new Uint8Array(pairs.buffer, pairs.byteOffset, pairs.byteLength)
  return Uint8Array.from(numbersOf(message.int32Data))
}

function checked(t: Tensor, size: number, name: string): Tensor {
  if (t.data.length !== size) {
    throw new InvalidInputError(
      `tensor "${name}" of shape [${t.dims.join(', ')}] needs ${size} elements, it has ${t.data.length}: check the file, or what made the tensor`,
    )
  }
  return t
}
