import type { ElementArrays, ElementType } from '../tensor/index.ts'

/** Element types with an array of their own whose memory is the file's. */
export type NumericType = Exclude<ElementType, 'string' | 'packed'>
export type NumericArray = ElementArrays[NumericType]

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

/**
 * Bits per element of the types that are carried as bytes: complex64 and complex128, four float8, uint4 and int4,
 * float4e2m1, float8e8m0, uint2 and int2. A type that ONNX adds later has no entry; its size goes unchecked.
 */
const packedBits: ReadonlyMap<number, number> = new Map([
  [14, 64],
  [15, 128],
  [17, 8],
  [18, 8],
  [19, 8],
  [20, 8],
  [21, 4],
  [22, 4],
  [23, 4],
  [24, 8],
  [25, 2],
  [26, 2],
])

/** The element type of an ONNX type number; `packed` for one without a JavaScript array. */
export const typeOfCode = (code: number): ElementType => typesByCode.get(code) ?? 'packed'

/** ONNX's number of a tensor's element type. */
export const codeOfType = (type: ElementType, code = 0): number => (type === 'packed' ? code : codes[type])

/** The array of each numeric type. */
export const arrays: Readonly<
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

/** Bytes that `size` elements take in a file; undefined for strings and for types that Graft does not know. */
export function byteLength(type: ElementType, code: number, size: number): number | undefined {
  if (type === 'string') return undefined
  if (type !== 'packed') return size * arrays[type].BYTES_PER_ELEMENT
  const bits = packedBits.get(code)
  return bits === undefined ? undefined : Math.ceil((size * bits) / 8)
}
