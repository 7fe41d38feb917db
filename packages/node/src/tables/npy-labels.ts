import { elementSize, type NpyArray } from './npy-header.ts'
import { npyElements } from './npy-values.ts'

/**
 * The labels of a vector as text: numbers in their shortest form (whole ones without a point), booleans as `true` and
 * `false`, texts (`U`, `S`) without their padding; null for an array of another type.
 */
export function npyLabelTexts(array: NpyArray): string[] | null {
  if (array.type.startsWith('U')) return fixedTexts(array, unicodeText(array.bigEndian))
  if (array.type.startsWith('S') || array.type.startsWith('a')) return fixedTexts(array, byteText)
  const elements = npyElements(array)
  if (elements === null) return null
  const boolean = array.type === 'b1' || array.type === '?'
  const single = elements instanceof Float32Array
  return Array.from(elements as ArrayLike<number | bigint>, (value) => {
    if (boolean) return value ? 'true' : 'false'
    return single && !Number.isInteger(value) ? shortestSingle(Number(value)) : `${value}`
  })
}

/** The shortest decimal that is the same float32: 0.1, not 0.10000000149011612. */
function shortestSingle(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return `${short}`
  }
  return `${value}`
}

function fixedTexts(array: NpyArray, decode: (bytes: Uint8Array) => string): string[] {
  const size = elementSize(array.type)
  const count = array.shape.reduce((product, dim) => product * dim, 1)
  return Array.from({ length: count }, (_, i) => decode(array.bytes.subarray(i * size, (i + 1) * size)))
}

const unicodeText = (bigEndian: boolean) => (bytes: Uint8Array) => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let text = ''
  for (let at = 0; at < bytes.length; at += 4) {
    const code = view.getUint32(at, !bigEndian)
    if (code !== 0) text += code <= 0x10ffff ? String.fromCodePoint(code) : '\ufffd'
  }
  return text
}

const byteText = (bytes: Uint8Array): string => {
  let end = bytes.length
  while (end > 0 && bytes[end - 1] === 0) end--
  return new TextDecoder().decode(bytes.subarray(0, end))
}
