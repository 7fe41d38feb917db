import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InvalidInputError } from '../errors.ts'
import type { ElementType, Tensor } from '../tensor/index.ts'
import { decodeMessage } from './decode-message.ts'
import { arrays, codeOfType, type NumericType } from './element-types.ts'
import { encodeMessage } from './encode-message.ts'
import type { Message } from './message.ts'
import { decodeTensor, encodeTensor } from './tensor-codec.ts'

const throughFile = (message: Message): Message => decodeMessage('Tensor', encodeMessage('Tensor', message))
const read = (message: Message): Tensor => decodeTensor(throughFile(message))
const typed = (type: ElementType, fields: Message, ...dims: bigint[]): Tensor =>
  read({ name: 't', dataType: codeOfType(type), dims, ...fields })

const numericTensor = fc
  .tuple(fc.constantFrom(...(Object.keys(arrays) as NumericType[])), fc.array(fc.nat(4), { maxLength: 4 }))
  .chain(([type, dims]) => {
    const bytes = dims.reduce((size, dim) => size * dim, 1) * arrays[type].BYTES_PER_ELEMENT
    return fc.uint8Array({ minLength: bytes, maxLength: bytes }).map(
      (data): Tensor => ({
        type,
        dims,
        data: new arrays[type](data.slice().buffer, 0, bytes / arrays[type].BYTES_PER_ELEMENT),
      }),
    )
  })

describe('encodeTensor and decodeTensor', () => {
  it('round trip every numeric type and shape bit by bit: scalars, empty tensors, NaN payloads', () => {
    fc.assert(
      fc.property(numericTensor, (t) => {
        const again = read(encodeTensor('t', t))
        expect([again.type, again.dims]).toEqual([t.type, t.dims])
        const bytes = ({ data }: Tensor) => {
          const { buffer, byteOffset, byteLength } = data as Uint8Array
          return new Uint8Array(buffer, byteOffset, byteLength)
        }
        expect(bytes(again)).toEqual(bytes(t))
      }),
    )
  })

  it('round trip strings, a leading byte-order mark and empty ones included', () => {
    const t: Tensor = { type: 'string', dims: [2, 2], data: ['', '\ufeffa', 'käse', '🚀'] }
    expect(read(encodeTensor('t', t))).toEqual(t)
  })

  it('share memory: encoding views the tensor, decoding the file where aligned', () => {
    const data = Float64Array.of(1, 2, 3, 4).subarray(1, 3)
    const raw = encodeTensor('t', { type: 'float64', dims: [2], data }).rawData as Uint8Array
    expect([raw.buffer, raw.byteOffset, raw.length]).toEqual([data.buffer, 8, 16])
    const file = new Uint8Array(64)
    const message = { dataType: 11, dims: [2n] }
    expect((decodeTensor({ ...message, rawData: file.subarray(8, 24) }).data as Float64Array).buffer).toBe(file.buffer)
    expect((decodeTensor({ ...message, rawData: file.subarray(9, 25) }).data as Float64Array).length).toBe(2)
  })

  it('read the typed fields', () => {
    expect(typed('float32', { floatData: [1.5, -2] }, 2n).data).toEqual(Float32Array.of(1.5, -2))
    expect(typed('float64', { doubleData: [0.1] }, 1n).data).toEqual(Float64Array.of(0.1))
    const extremes = [-1n, -(2n ** 63n), 2n ** 63n - 1n]
    expect(typed('int64', { int64Data: extremes }, 3n).data).toEqual(BigInt64Array.from(extremes))
    expect(typed('uint64', { uint64Data: [2n ** 64n - 1n] }, 1n).data).toEqual(BigUint64Array.of(2n ** 64n - 1n))
    expect(typed('uint32', { uint64Data: [2n ** 32n - 1n] }, 1n).data).toEqual(Uint32Array.of(2 ** 32 - 1))
    expect(typed('int32', { int32Data: [-7, 7] }, 1n, 2n).data).toEqual(Int32Array.of(-7, 7))
    expect(typed('int8', { int32Data: [-128, 127] }, 2n).data).toEqual(Int8Array.of(-128, 127))
    expect(typed('int16', { int32Data: [-32768] }, 1n).data).toEqual(Int16Array.of(-32768))
    expect(typed('uint8', { int32Data: [255] }, 1n).data).toEqual(Uint8Array.of(255))
    expect(typed('uint16', { int32Data: [65535] }, 1n).data).toEqual(Uint16Array.of(65535))
    expect(typed('bool', { int32Data: [1, 0] }, 2n).data).toEqual(Uint8Array.of(1, 0))
    expect(typed('float16', { int32Data: [0x3c00, 0xfc00] }, 2n).data).toEqual(Uint16Array.of(0x3c00, 0xfc00))
    expect(typed('bfloat16', { int32Data: [0x3f80] }, 1n).data).toEqual(Uint16Array.of(0x3f80))
    expect(typed('float32', { floatData: [3] }).dims).toEqual([])
    expect(typed('float32', {}, 0n, 3n)).toEqual({ type: 'float32', dims: [0, 3], data: new Float32Array(0) })
  })

  it('carry types without a JavaScript array as their bytes, with their number', () => {
    const int4: Tensor = { type: 'packed', dims: [3], data: Uint8Array.of(0x21, 0x03), code: 22 }
    expect(read(encodeTensor('t', int4))).toEqual(int4)
    expect(read({ dataType: 22, dims: [3n], int32Data: [0x21, 0x03] })).toEqual(int4)
    const float8 = read({ dataType: 17, dims: [2n], rawData: Uint8Array.of(1, 2) })
    expect(float8).toEqual({ type: 'packed', dims: [2], data: Uint8Array.of(1, 2), code: 17 })
    const complex = read({ dataType: 14, dims: [1n], floatData: [1, -1] })
    expect(complex.data).toEqual(new Uint8Array(Float32Array.of(1, -1).buffer))
    expect(() => read({ name: 'w', dataType: 22, dims: [3n], rawData: Uint8Array.of(1) })).toThrow(
      '"w" of shape [3] needs 2 bytes, the file has 1',
    )
  })

  it('refuse data that do not fit, naming the tensor', () => {
    const raw = (length: number): Message => ({ rawData: new Uint8Array(length) })
    expect(() => typed('float32', raw(8), 3n)).toThrow('tensor "t" of shape [3] needs 3 elements, it has 2')
    expect(() => typed('float32', raw(7), 2n)).toThrow('tensor "t" has 7 bytes, not a multiple of 4')
    expect(() => typed('float32', raw(4), -1n)).toThrow(InvalidInputError)
    expect(() => typed('float32', raw(4), -1n, -1n)).toThrow('shape [-1, -1]')
    expect(() => typed('float32', {}, 2n ** 62n)).toThrow(InvalidInputError)
    expect(() => typed('string', { stringData: [Uint8Array.of(0xff)] }, 1n)).toThrow('not UTF-8')
    expect(() => read({ name: 'u' })).toThrow('tensor "u" has no element type')
    expect(() => encodeTensor('w', { type: 'float32', dims: [2], data: new Float32Array(3) })).toThrow('"w"')
  })
})
