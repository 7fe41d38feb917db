import { InvalidInputError } from '../errors.ts'
import type { Dimension, Model } from '../onnx/index.ts'
import { type ElementType, seededRandom, sizeOf, type Tensor } from '../tensor/index.ts'

/** What a network is given: one tensor with the batch as its first dimension. */
export interface NetworkInput {
  readonly name: string
  readonly type: ElementType
  /** The sizes of one row, the batch left out. */
  readonly dims: readonly number[]
}

/** Height and width of images where neither the file nor the caller says them: ImageNet's usual size. */
const IMAGE = 224
/** Every other size that nobody says: tokens of a text, steps of a series. */
const LENGTH = 16

/**
 * A model's only input and its sizes; those that the file leaves open are taken from `dims` (of one row), else images are
 * 224 × 224 in three channels. `batch` is the number of rows, where the file fixes it. Throws `InvalidInputError` where
 * there are several inputs, where nothing says how many dimensions they have, and where `dims` contradict the file.
 */
export function networkInput(
  { graph }: Model,
  dims?: readonly number[],
): NetworkInput & { readonly batch: number | undefined } {
  const given = graph.inputs.filter(({ name }) => !graph.initializers.has(name))
  const [input] = given
  if (input === undefined || given.length > 1) {
    const names = given.map(({ name }) => `"${name}"`).join(', ') || 'none'
    throw new InvalidInputError(`a network has one input, got ${names}: cut the model down to one, or store the others`)
  }
  const { name, type } = input
  if (type === undefined) throw new InvalidInputError(`the input "${name}" is not a tensor: a network takes a tensor`)
  const said = input.dims ?? (dims === undefined ? undefined : [null, ...dims])
  if (said === undefined || said.length === 0) {
    throw new InvalidInputError(`the model does not say how large a row of its input "${name}" is: give its sizes`)
  }
  const [batch, ...row] = said
  if (dims !== undefined && (dims.length !== row.length || row.some((size, i) => isSize(size) && size !== dims[i]))) {
    const asked = row.map((size) => size ?? '?').join(' × ')
    throw new InvalidInputError(
      `a row of the input "${name}" is ${asked}, got ${dims.join(' × ')}: give sizes that fit`,
    )
  }
  const sizes = row.map((size, i) => (isSize(size) ? size : (dims?.[i] ?? guessed(row, i))))
  return { name, type, dims: sizes, batch: isSize(batch) ? batch : undefined }
}

const isSize = (size: Dimension | undefined): size is number => typeof size === 'number' && size > 0

/** Images have three dimensions a row; channels are first unless the last size says otherwise. */
function guessed(row: readonly Dimension[], i: number): number {
  if (row.length !== 3) return LENGTH
  const last = row[2]
  const channels = isSize(last) && last <= 4 ? 2 : 0
  return i === channels ? 3 : IMAGE
}

/** Zeros of a type and shape. Throws `InvalidInputError` for types whose zeros mean nothing to a network. */
export function zeros(type: ElementType, dims: readonly number[]): Tensor {
  const size = sizeOf(dims)
  switch (type) {
    case 'float32':
      return { type, dims, data: new Float32Array(size) }
    case 'float64':
      return { type, dims, data: new Float64Array(size) }
    case 'float16':
    case 'bfloat16':
    case 'uint16':
      return { type, dims, data: new Uint16Array(size) }
    case 'int64':
      return { type, dims, data: new BigInt64Array(size) }
    case 'int32':
      return { type, dims, data: new Int32Array(size) }
    case 'int8':
      return { type, dims, data: new Int8Array(size) }
    case 'uint8':
    case 'bool':
      return { type, dims, data: new Uint8Array(size) }
    default:
      throw new InvalidInputError(`the network takes ${type}: export it with numbers as its input`)
  }
}

/** Numbers of a type and shape in which rows differ: of floats 0 to 1, of whole numbers 0 and 1. */
export function probe(type: ElementType, dims: readonly number[]): Tensor {
  const tensor = zeros(type, dims)
  const random = seededRandom(1)
  const { data } = tensor
  for (let i = 0; i < data.length; i++) {
    const value = random.uniform()
    if (data instanceof BigInt64Array || data instanceof BigUint64Array) data[i] = value < 0.5 ? 0n : 1n
    else if (type === 'float32' || type === 'float64') (data as Float32Array)[i] = value
    else if (!Array.isArray(data)) data[i] = value < 0.5 ? 0 : 1
  }
  return tensor
}
