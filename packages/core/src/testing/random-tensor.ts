import { seededRandom, sizeOf, type Tensor } from '../tensor/index.ts'

/** A float32 tensor of normal numbers, or of uniform ones in `range`. */
export function randomTensor(
  dims: readonly number[],
  seed: number,
  range?: readonly [number, number],
): Tensor<'float32'> {
  const random = seededRandom(seed)
  const draw = range === undefined ? random.normal : () => range[0] + (range[1] - range[0]) * random.uniform()
  return { type: 'float32', dims, data: Float32Array.from({ length: sizeOf(dims) }, draw) }
}
