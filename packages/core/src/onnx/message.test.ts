import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeMessage } from './decode-message.ts'
import { encodeMessage } from './encode-message.ts'
import { type Message, numbersOf } from './message.ts'

const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const uint64 = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n })
const int32 = fc.integer()
const list = <T>(item: fc.Arbitrary<T>) => fc.array(item, { minLength: 1, maxLength: 20 })

/** Repeated numbers come back as typed arrays: as plain ones here, so that messages compare. */
const plain = (message: Message): Message =>
  Object.fromEntries(
    Object.entries(message).map(([key, value]) => [
      key,
      ArrayBuffer.isView(value) && !(value instanceof Uint8Array) ? [...numbersOf(value)] : value,
    ]),
  )

describe('encodeMessage and decodeMessage', () => {
  it('round trip every kind of number, negative ones and both ends of 64 bits included', () => {
    const tensors = fc.record(
      {
        dims: list(int64),
        dataType: int32,
        floatData: list(fc.float()),
        doubleData: list(fc.double()),
        int32Data: list(int32),
        int64Data: list(int64),
        uint64Data: list(uint64),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(tensors, (message) => {
        expect(plain(decodeMessage('Tensor', encodeMessage('Tensor', message)))).toEqual(message)
      }),
    )
  })

  it('round trip texts and bytes of any length, single and repeated', () => {
    const texts = fc.string({ unit: 'binary', maxLength: 300 }).filter((text) => Buffer.from(text).toString() === text)
    const blobs = fc.uint8Array({ maxLength: 9000 })
    const messages = fc.record({
      name: texts,
      rawData: blobs,
      stringData: list(blobs),
      externalData: list(fc.record({ key: texts })),
    })
    fc.assert(
      fc.property(messages, (message) => {
        expect(decodeMessage('Tensor', encodeMessage('Tensor', message))).toEqual(message)
      }),
    )
    const text = '\ufeffüñî → 漢字 🚀 \u0000'
    expect(decodeMessage('Entry', encodeMessage('Entry', { key: text }))).toEqual({ key: text })
  })

  it('read repeated numbers packed, unpacked, and mixed', () => {
    const writer = new BinaryWriter()
    writer.tag(1, WireType.Varint).int64(2n).tag(1, WireType.Varint).int64(-3n)
    writer.tag(1, WireType.LengthDelimited).fork().int64(4n).int64(-5n).join()
    writer.tag(1, WireType.Varint).int64(6n)
    writer.tag(4, WireType.Bit32).float(0.5)
    writer.tag(5, WireType.LengthDelimited).fork().int32(-1).int32(7).join()
    writer.tag(5, WireType.LengthDelimited).fork().int32(8).join()
    expect(decodeMessage('Tensor', writer.finish())).toEqual({
      dims: [2n, -3n, 4n, -5n, 6n],
      floatData: [0.5],
      int32Data: [-1, 7, 8],
    })
  })

  it('keep unknown fields, and known ones of an unexpected wire type, as they stood', () => {
    const writer = new BinaryWriter()
    writer.tag(99, WireType.LengthDelimited).string('later').tag(1, WireType.LengthDelimited).string('key')
    writer.tag(2, WireType.Varint).uint32(5).tag(98, WireType.StartGroup).tag(1, WireType.Varint).uint32(1)
    writer.tag(98, WireType.EndGroup).tag(97, WireType.Bit64).double(1)
    const bytes = writer.finish()
    const message = decodeMessage('Entry', bytes)
    expect(message.key).toBe('key')
    expect(message.value).toBeUndefined()
    expect(message.$unknown).toHaveLength(4)
    const again = encodeMessage('Entry', message)
    expect(again.length).toBe(bytes.length)
    expect(decodeMessage('Entry', again)).toEqual(message)
  })

  it('merge a message given in two pieces, and let the last of a single value count', () => {
    const two = [
      encodeMessage('Model', { irVersion: 3n, graph: { name: 'a', node: [{ opType: 'Relu' }] } }),
      encodeMessage('Model', { irVersion: 4n, graph: { name: 'b', node: [{ opType: 'Exp' }] } }),
    ]
    expect(decodeMessage('Model', Buffer.concat(two))).toEqual({
      irVersion: 4n,
      graph: { name: 'b', node: [{ opType: 'Relu' }, { opType: 'Exp' }] },
    })
  })

  it('view bytes and aligned floating-point numbers instead of copying them', () => {
    const floatData = Float32Array.from({ length: 2000 }, (_, i) => i)
    const encoded = encodeMessage('Tensor', { floatData, rawData: new Uint8Array(5000) })
    const padded = new Uint8Array(encoded.length + 4)
    const start = [0, 1, 2, 3].find((shift) => (shift + encoded.indexOf(0x22) + 3) % 4 === 0)!
    padded.set(encoded, start)
    const message = decodeMessage('Tensor', padded.subarray(start, start + encoded.length))
    expect((message.rawData as Uint8Array).buffer).toBe(padded.buffer)
    expect((message.floatData as Float32Array).buffer).toBe(padded.buffer)
    expect(message.floatData).toEqual(floatData)
  })

  it('refuse lists and varints that are cut short', () => {
    const cut = (number: number, ...bytes: number[]) =>
      Uint8Array.of((number << 3) | WireType.LengthDelimited, bytes.length, ...bytes)
    expect(() => decodeMessage('Tensor', cut(4, 1, 2, 3))).toThrow('4-byte numbers')
    expect(() => decodeMessage('Tensor', cut(7, 1, 0x80))).toThrow('ends within one')
    expect(() => decodeMessage('Tensor', cut(7, ...new Array<number>(10).fill(0xff), 1))).toThrow('10 bytes')
    expect(() => decodeMessage('Tensor', Uint8Array.of(0x4a, 0xff, 0xff, 0xff, 0xff, 0x0f))).toThrow()
  })

  it('refuse messages nested without end', () => {
    let message: Message = {}
    for (let i = 0; i < 40; i++) message = { node: [{ attribute: [{ g: message }] }] }
    expect(() => decodeMessage('Graph', encodeMessage('Graph', message))).toThrow('nested more than 100 deep')
  })
})
