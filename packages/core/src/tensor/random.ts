import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

/** A stream of seeded random numbers. Passed where it is needed, never global; the same seed gives the same stream. */
export interface Random {
  /** Uniform in [0, 1). */
  uniform(): number
  /** Uniform integer in 0 … bound − 1. */
  integer(bound: number): number
  /** Standard normal (Box and Muller 1958). */
  normal(): number
  /** A random order of 0 … n − 1 (Fisher and Yates). */
  permutation(n: number): Int32Array
  /** An independent stream that depends on this one's seed and `name` only, not on what was drawn before. */
  fork(name: string): Random
}

/** Starts a stream from a seed (any finite number). */
export function seededRandom(seed: number): Random {
  const generator = xoroshiro128plus(hash(`${seed}`))
  const uniform = () => uniformFloat64(generator)
  const integer = (bound: number) => uniformInt(generator, 0, bound - 1)
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
    fork: (name) => seededRandom(hash(`${seed}/${name}`)),
  }
}

/** 32-bit FNV-1a, so that names and neighbouring seeds start far apart. */
function hash(text: string): number {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return h | 0
}
