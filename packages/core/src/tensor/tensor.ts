import { InvalidInputError } from '../errors.ts'
import { halfBits } from './half.ts'

/** The array that holds the elements of each type; 16-bit floats and 4-bit integers stay in their packed form. */
export interface ElementArrays {
  float32: Float32Array
  float64: Float64Array
  float16: Uint16Array
  bfloat16: Uint16Array
  int8: Int8Array
  int16: Int16Array
  int32: Int32Array
  int64: BigInt64Array
  uint8: Uint8Array
  uint16: Uint16Array
  uint32: Uint32Array
  uint64: BigUint64Array
  bool: Uint8Array
  string: string[]
  /** Types without a JavaScript view (float8, 4-bit integers, complex numbers): the file's own bytes. */
  packed: Uint8Array
}

export type ElementType = keyof ElementArrays

/** `n`-dimensional array, row-major: the last dimension varies fastest. `dims: []` is a scalar. */
export interface Tensor<T extends ElementType = ElementType> {
  readonly type: T
  readonly dims: readonly number[]
  readonly data: ElementArrays[T]
  /** For `packed`: the type's number in the ONNX specification. */
  readonly code?: number
}

/** The number of elements of a shape. */
export const sizeOf = (dims: readonly number[]): number => dims.reduce((size, dim) => size * dim, 1)

/** Makes a tensor; throws `InvalidInputError` when `dims` are no sizes or `data` does not hold `product(dims)` elements. */
export function tensor<T extends Exclude<ElementType, 'packed'>>(
  type: T,
  dims: readonly number[],
  data: ElementArrays[T],
): Tensor<T> {
  if (data.length !== sizeOf(dims) || dims.some((dim) => !(dim >= 0))) {
    throw new InvalidInputError(
      `a tensor of shape [${dims.join(', ')}] has ${sizeOf(dims)} elements, got ${data.length}: check the shape`,
    )
  }
  return { type, dims, data }
}

/** A float64 vector (`n`) as a tensor. */
export const vectorTensor = (values: ArrayLike<number>): Tensor<'float64'> => ({
  type: 'float64',
  dims: [values.length],
  data: values instanceof Float64Array ? values : Float64Array.from(values),
})

/** A float64 scalar as a tensor. */
export const scalarTensor = (value: number): Tensor<'float64'> => ({
  type: 'float64',
  dims: [],
  data: Float64Array.of(value),
})

/** A 64-bit integer vector as a tensor: what ONNX takes shapes and axes as. */
export const integerTensor = (values: readonly number[]): Tensor<'int64'> => ({
  type: 'int64',
  dims: [values.length],
  data: BigInt64Array.from(values, BigInt),
})

/** A scalar tensor of a numeric type. */
export function scalarOf(value: number, type: ElementType): Tensor {
  switch (type) {
    case 'float64':
      return { type, dims: [], data: Float64Array.of(value) }
    case 'int64':
      return { type, dims: [], data: BigInt64Array.of(BigInt(value)) }
    case 'int32':
      return { type, dims: [], data: Int32Array.of(value) }
    case 'bool':
      return { type, dims: [], data: Uint8Array.of(value) }
    case 'float16':
      return { type, dims: [], data: Uint16Array.of(halfBits(value)) }
    default:
      return { type: 'float32', dims: [], data: Float32Array.of(value) }
  }
}
