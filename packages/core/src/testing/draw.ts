import { type Random, seededRandom, sizeOf, type Tensor } from '../tensor/index.ts'

/** Independent streams of random numbers, one for each run of a test. */
export const draws = (runs: number): Random[] => Array.from({ length: runs }, (_, i) => seededRandom(i))

/** A whole number from `least` to `most`, both included. */
export const drawInteger = (random: Random, least: number, most: number): number =>
  least + random.integer(most - least + 1)

/** One of several. */
export const drawOne = <T>(random: Random, choices: readonly T[]): T => choices[random.integer(choices.length)]!

/** Any of several, in their order; perhaps none. */
export const drawSome = <T>(random: Random, choices: readonly T[]): T[] => choices.filter(() => random.uniform() < 0.5)

/** A shape with `least` to `most` axes of 1 to `size` elements. */
export const drawDims = (random: Random, least: number, most: number, size = 4): number[] =>
  Array.from({ length: drawInteger(random, least, most) }, () => drawInteger(random, 1, size))

/** A shape that broadcasts to `dims`: some of its last axes, some of them 1. */
export const drawNarrower = (random: Random, dims: readonly number[]): number[] =>
  dims.slice(drawInteger(random, 0, dims.length)).map((dim) => drawOne(random, [1, dim, dim]))

/** An axis of a tensor of `rank` axes, counted from the front or the back. */
export const drawAxis = (random: Random, rank: number): number => drawInteger(random, -rank, rank - 1)

const arrays = {
  float32: (numbers: number[]) => Float32Array.from(numbers),
  float64: (numbers: number[]) => Float64Array.from(numbers),
  int32: (numbers: number[]) => Int32Array.from(numbers),
  int64: (numbers: number[]) => BigInt64Array.from(numbers, (x) => BigInt(Math.trunc(x))),
  bool: (numbers: number[]) => Uint8Array.from(numbers),
}

/** A tensor of given numbers. */
export const tensorFrom = (type: keyof typeof arrays, dims: readonly number[], numbers: readonly number[]): Tensor => ({
  type,
  dims,
  data: arrays[type]([...numbers]),
})

/** A tensor of uniform numbers in [least, most): whole ones where the type is. */
export function drawTensor(
  random: Random,
  type: keyof typeof arrays,
  dims: readonly number[],
  least = type === 'bool' ? 0 : -3,
  most = type === 'bool' ? 2 : 3,
): Tensor {
  const whole = type !== 'float32' && type !== 'float64'
  const draw = () => least + (most - least) * random.uniform()
  const numbers = Array.from({ length: sizeOf(dims) }, () => (whole ? Math.floor(draw()) : draw()))
  return tensorFrom(type, dims, numbers)
}
