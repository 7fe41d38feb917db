import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'
import { InvalidInputError } from '../errors.ts'

/** A stream of seeded random numbers. Passed where it is needed, never global; the same seed gives the same stream. */
export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number
  /** Uniform integer in 0 … bound − 1. Throws `InvalidInputError` where `bound` is not a positive whole number. */
  integer(bound: number): number
  /** Standard normal (Box and Muller 1958). */
  normal(): number
  /** A random order of 0 … n − 1 (Fisher and Yates). */
  permutation(n: number): Int32Array
  /** An independent stream that depends on this one's seed and `name` only, not on what was drawn before. */
  fork(name: string): Random
}

/** Starts a stream from a seed (any finite number); throws `InvalidInputError` for NaN and infinities. */
export function seededRandom(seed: number): Random {
  if (!Number.isFinite(seed)) throw new InvalidInputError(`a seed is a finite number, got ${seed}`)
  return stream(`${seed}`)
}

/** The stream that belongs to a path: the seed, then the names of the forks that led here. */
function stream(path: string): Random {
  const generator = xoroshiro128plusFromState(hash128(path))
  const uniform = () => uniformFloat64(generator)
  const integer = (bound: number) => {
    if (!Number.isSafeInteger(bound) || bound < 1) {
      throw new InvalidInputError(`a random integer needs a bound of 1 or more, got ${bound}`)
    }
    return uniformInt(generator, 0, bound - 1)
  }
  return {
    uniform,
    integer,
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    permutation: (n) => {
      const order = Int32Array.from({ length: n }, (_, i) => i)
      for (let i = n - 1; i > 0; i--) {
        const j = integer(i + 1)
        const held = order[i]!
        order[i] = order[j]!
        order[j] = held
      }
      return order
    },
    fork: (name) => stream(`${path}\u0000${name}`),
  }
}

/**
 * Four 32-bit words in which every bit depends on the whole text (bryc's cyrb128, public domain): the generator's
 * state. Seeding it with one 32-bit number instead leaves the first draws of neighbouring seeds close together.
 */
function hash128(text: string): readonly [number, number, number, number] {
  let a = 1779033703
  let b = 3144134277
  let c = 1013904242
  let d = 2773480762
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    a = b ^ Math.imul(a ^ code, 597399067)
    b = c ^ Math.imul(b ^ code, 2869860233)
    c = d ^ Math.imul(c ^ code, 951274213)
    d = a ^ Math.imul(d ^ code, 2716044179)
  }
  a = Math.imul(c ^ (a >>> 18), 597399067)
  b = Math.imul(d ^ (b >>> 22), 2869860233)
  c = Math.imul(a ^ (c >>> 17), 951274213)
  d = Math.imul(b ^ (d >>> 19), 2716044179)
  a ^= b ^ c ^ d
  return [a | 0, (b ^ a) | 0, (c ^ a) | 0, (d ^ a) | 0]
}
