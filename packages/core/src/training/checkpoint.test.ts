import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InvalidInputError } from '../errors.ts'
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint.ts'

const tensors = {
  'state w': { type: 'float32' as const, dims: [3], data: Float32Array.of(1.5, Number.NaN, -0) },
  'state é': { type: 'float64' as const, dims: [1, 1], data: Float64Array.of(Math.PI) },
  'best w': { type: 'int64' as const, dims: [], data: BigInt64Array.of(-(2n ** 62n)) },
  empty: { type: 'float32' as const, dims: [0, 4], data: new Float32Array(0) },
}
const position = { epoch: 3, lossSum: 0.1 + 0.2, history: [{ epoch: 1, loss: 1e-300 }], ключ: 'значение' }
const bytes = encodeCheckpoint({ position, tensors })

describe('a checkpoint', () => {
  it('comes back bit for bit', () => {
    const read = decodeCheckpoint(bytes)
    expect(read.position).toEqual(position)
    expect(read.tensors).toEqual(tensors)
    expect(Object.is(read.tensors['state w']!.data[2], -0)).toBe(true)
  })

  it('comes back from the middle of another buffer', () => {
    const wider = new Uint8Array(bytes.length + 7)
    wider.set(bytes, 3)
    expect(decodeCheckpoint(wider.subarray(3, 3 + bytes.length)).tensors).toEqual(tensors)
  })

  it('is the same bytes for the same content', () => {
    expect(encodeCheckpoint({ position, tensors })).toEqual(bytes)
  })

  it('is refused where any byte is altered', () => {
    const change = fc.tuple(fc.integer({ min: 0, max: bytes.length - 1 }), fc.integer({ min: 1, max: 255 }))
    const changed = fc.array(change, { minLength: 1, maxLength: 3 }).filter((list) => {
      const [first] = list
      return list.every(([at], i) => i === 0 || at !== first![0])
    })
    fc.assert(
      fc.property(changed, (changes) => {
        const altered = bytes.slice()
        for (const [at, mask] of changes) altered[at] = altered[at]! ^ mask
        if (altered.every((byte, i) => byte === bytes[i])) return
        expect(() => decodeCheckpoint(altered)).toThrow(InvalidInputError)
      }),
      { numRuns: 2000 },
    )
  })

  it('is refused in every byte, one after the other', () => {
    for (let at = 0; at < bytes.length; at++) {
      const altered = bytes.slice()
      altered[at] = altered[at]! ^ 1
      expect(() => decodeCheckpoint(altered), `byte ${at}`).toThrow(InvalidInputError)
    }
  })

  it('is refused where it is cut short or goes on, at any length', () => {
    for (let length = 0; length < bytes.length; length++) {
      expect(() => decodeCheckpoint(bytes.slice(0, length)), `${length} bytes`).toThrow(
        /no checkpoint of Graft|cut short or altered/,
      )
    }
    const longer = new Uint8Array(bytes.length + 8)
    longer.set(bytes)
    expect(() => decodeCheckpoint(longer)).toThrow(/cut short or altered/)
  })

  it('holds no types that no training has', () => {
    const words = { type: 'string' as const, dims: [1], data: ['a'] }
    expect(() => encodeCheckpoint({ position, tensors: { words } })).toThrow(/holds no string tensors, got "words"/)
  })
})
