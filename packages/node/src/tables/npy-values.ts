import { elementSize, type NpyArray } from './npy-header.ts'

/** Elements as numbers or, for 64-bit integers, exact. */
type Elements = ArrayLike<number> | ArrayLike<bigint>

type View = (buffer: ArrayBufferLike, offset: number, length: number) => Elements

const views: Readonly<Record<string, View>> = {
  f2: (buffer, offset, length) => Float32Array.from(new Uint16Array(buffer, offset, length), halfToNumber),
  f4: (buffer, offset, length) => new Float32Array(buffer, offset, length),
  f8: (buffer, offset, length) => new Float64Array(buffer, offset, length),
  i1: (buffer, offset, length) => new Int8Array(buffer, offset, length),
  i2: (buffer, offset, length) => new Int16Array(buffer, offset, length),
  i4: (buffer, offset, length) => new Int32Array(buffer, offset, length),
  i8: (buffer, offset, length) => new BigInt64Array(buffer, offset, length),
  u1: (buffer, offset, length) => new Uint8Array(buffer, offset, length),
  u2: (buffer, offset, length) => new Uint16Array(buffer, offset, length),
  u4: (buffer, offset, length) => new Uint32Array(buffer, offset, length),
  u8: (buffer, offset, length) => new BigUint64Array(buffer, offset, length),
  b1: (buffer, offset, length) => Uint8Array.from(new Uint8Array(buffer, offset, length), (byte) => (byte ? 1 : 0)),
}

/** The elements of a numeric or boolean array, in the order of the file; null where the type is none of these. */
export function npyElements(array: NpyArray): Elements | null {
  const view = views[array.type === '?' ? 'b1' : array.type]
  if (view === undefined) return null
  const size = elementSize(array.type)
  const aligned = array.bytes.byteOffset % size === 0
  const bytes = aligned && !(array.bigEndian && size > 1) ? array.bytes : array.bytes.slice()
  if (array.bigEndian && size > 1) {
    const swapped = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    if (size === 2) swapped.swap16()
    else if (size === 4) swapped.swap32()
    else swapped.swap64()
  }
  return view(bytes.buffer, bytes.byteOffset, bytes.length / size)
}

/** The elements as float64, row by row whatever the order in the file; null where they are not numbers. */
export function npyMatrixValues(array: NpyArray, rows: number, columns: number): Float64Array | null {
  const elements = npyElements(array)
  if (elements === null) return null
  const inOrder = !array.fortranOrder || rows === 1 || columns === 1
  if (inOrder && elements instanceof Float64Array) return elements
  const values = new Float64Array(elements.length)
  if (inOrder) {
    for (let k = 0; k < values.length; k++) values[k] = Number(elements[k])
    return values
  }
  const block = 32
  for (let j0 = 0; j0 < columns; j0 += block) {
    const end = Math.min(j0 + block, columns)
    for (let i = 0; i < rows; i++) {
      for (let j = j0; j < end; j++) values[i * columns + j] = Number(elements[j * rows + i])
    }
  }
  return values
}

/** IEEE 754 half precision to a number. */
export function halfToNumber(half: number): number {
  const sign = half & 0x8000 ? -1 : 1
  const exponent = (half >> 10) & 0x1f
  const fraction = half & 0x3ff
  if (exponent === 0) return sign * 2 ** -24 * fraction
  if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
  return sign * 2 ** (exponent - 25) * (0x400 + fraction)
}
