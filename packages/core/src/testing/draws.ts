import { type ElementType, type Random, seededRandom, sizeOf, type Tensor, tensor } from '../tensor/index.ts'

/** Random cases for tests: the same seed gives the same ones. */
export interface Draws {
  readonly random: Random
  /** A whole number, both ends included. */
  between(low: number, high: number): number
  /** `count` whole numbers, both ends included. */
  several(count: number, low: number, high: number): number[]
  pick<T>(choices: readonly T[]): T
  chance(probability: number): boolean
  /** A tensor of standard normal numbers. */
  normal<T extends 'float32' | 'float64' = 'float32'>(dims: readonly number[], type?: T): Tensor
  /** A tensor of uniform numbers. */
  uniform(dims: readonly number[], low: number, high: number): Tensor<'float32'>
  /** A tensor of whole numbers, both ends included. */
  integers(dims: readonly number[], low: number, high: number, type?: 'int64' | 'int32'): Tensor
}

/** A stream of random cases. */
export function draws(seed: number): Draws {
  const random = seededRandom(seed)
  const between = (low: number, high: number) => low + random.integer(high - low + 1)
  const several = (count: number, low: number, high: number) => Array.from({ length: count }, () => between(low, high))
  const filled = (dims: readonly number[], type: ElementType, draw: () => number): Tensor => {
    const numbers = Float64Array.from({ length: sizeOf(dims) }, draw)
    if (type === 'float32') return tensor('float32', dims, Float32Array.from(numbers))
    if (type === 'int32') return tensor('int32', dims, Int32Array.from(numbers))
    if (type === 'int64') return tensor('int64', dims, BigInt64Array.from(numbers, BigInt))
    return tensor('float64', dims, numbers)
  }
  return {
    random,
    between,
    several,
    pick: (choices) => choices[random.integer(choices.length)],
    chance: (probability) => random.uniform() < probability,
    normal: (dims, type) => filled(dims, type ?? 'float32', random.normal),
    uniform: (dims, low, high) =>
      tensor(
        'float32',
        dims,
        Float32Array.from({ length: sizeOf(dims) }, () => low + (high - low) * random.uniform()),
      ),
    integers: (dims, low, high, type = 'int64') => filled(dims, type, () => between(low, high)),
  }
}
