import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fingerprint } from './fingerprint.ts'

describe('fingerprint', () => {
  it('changes with every single bit, wherever it is', () => {
    for (const length of [1, 3, 4, 15, 16, 17, 31, 64, 100]) {
      const bytes = Uint8Array.from({ length }, (_, i) => i * 37)
      const seen = new Set([fingerprint(bytes)])
      for (let bit = 0; bit < 8 * length; bit++) {
        const changed = bytes.slice()
        changed[bit >> 3]! ^= 1 << (bit & 7)
        seen.add(fingerprint(changed))
      }
      expect(seen.size).toBe(8 * length + 1)
    }
  })

  it('tells lengths of zeros, and swapped blocks, apart', () => {
    const zeros = Array.from({ length: 200 }, (_, length) => fingerprint(new Uint8Array(length)))
    expect(new Set(zeros).size).toBe(200)
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        const swapped = Uint8Array.of(...bytes.subarray(16), ...bytes.subarray(0, 16))
        expect(fingerprint(swapped) === fingerprint(bytes)).toBe(swapped.every((byte, i) => byte === bytes[i]))
      }),
    )
  })

  it('depends on content alone, not on where in memory it is', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.nat(7), (bytes, shift) => {
        const elsewhere = new Uint8Array(bytes.length + shift)
        elsewhere.set(bytes, shift)
        expect(fingerprint(elsewhere.subarray(shift))).toBe(fingerprint(bytes))
      }),
    )
  })
})
