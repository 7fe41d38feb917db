import type { Integers, Numbers } from './message.ts'
import type { NumericKind } from './schema.ts'

/**
 * Decodes a packed repeated field into a typed array: floating-point numbers as a view where the file has them
 * aligned, else as a copy. Throws `RangeError` where the bytes are malformed.
 */
export function decodePacked(kind: NumericKind, bytes: Uint8Array): Numbers | Integers {
  switch (kind) {
    case 'float':
      return new Float32Array(...fixedWidth(bytes, 4))
    case 'double':
      return new Float64Array(...fixedWidth(bytes, 8))
    case 'int32': {
      const words = decodeVarints(bytes)
      return Int32Array.from({ length: words.length / 2 }, (_, i) => words[2 * i]!)
    }
    case 'int64':
      return new BigInt64Array(decodeVarints(bytes).buffer)
    case 'uint64':
      return new BigUint64Array(decodeVarints(bytes).buffer)
  }
}

function fixedWidth(bytes: Uint8Array, width: number): [ArrayBufferLike, number, number] {
  if (bytes.length % width !== 0) throw new RangeError(`a list of ${width}-byte numbers has ${bytes.length} bytes`)
  const aligned = bytes.byteOffset % width === 0 ? bytes : new Uint8Array(bytes)
  return [aligned.buffer, aligned.byteOffset, bytes.length / width]
}

/** Low and high 32 bits of each variable-length integer in turn: the memory of a 64-bit array. */
function decodeVarints(bytes: Uint8Array): Int32Array<ArrayBuffer> {
  let count = 0
  for (let i = 0; i < bytes.length; i++) if (bytes[i]! < 0x80) count++
  const words = new Int32Array(2 * count)
  let at = 0
  for (let k = 0; k < words.length; k += 2) {
    let low = 0
    let high = 0
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++]!
      const bits = byte & 0x7f
      if (shift < 28) low |= bits << shift
      else if (shift === 28) {
        low |= bits << 28
        high = bits >>> 4
      } else high |= bits << (shift - 32)
      if (byte < 0x80) break
      if (shift === 63) throw new RangeError('an integer is longer than 10 bytes')
    }
    words[k] = low
    words[k + 1] = high
  }
  if (at !== bytes.length) throw new RangeError('a list of integers ends within one')
  return words
}
