import { InvalidInputError } from '../errors.ts'
import { type ElementType, sizeOf, type Tensor } from '../tensor/index.ts'

/** What a value's numbers are: floats of any width, whole numbers of any width, or truth values as 0 and 1. */
export type Kind = 'float' | 'int' | 'bool'

/** A tensor of the interpreter: row-major, every number in float64, so whole numbers are exact up to 2^53. */
export interface Value {
  readonly kind: Kind
  readonly dims: readonly number[]
  readonly data: Float64Array
}

/** A value of zeros, or of the numbers given. */
export const value = (
  kind: Kind,
  dims: readonly number[],
  data: Float64Array = new Float64Array(sizeOf(dims)),
): Value => ({
  kind,
  dims,
  data,
})

/** The kind that stands for an element type; throws `InvalidInputError` for those the interpreter does not compute with. */
export function kindOf(type: ElementType): Kind {
  if (type === 'float32' || type === 'float64') return 'float'
  if (type === 'bool') return 'bool'
  if (type.startsWith('int') || type.startsWith('uint')) return 'int'
  throw new InvalidInputError(`the interpreter computes with float32, float64, integers and bool, got ${type}`)
}

/** A tensor's numbers as a value: a copy. */
export function tensorValue(tensor: Tensor): Value {
  return value(kindOf(tensor.type), tensor.dims, Float64Array.from(tensor.data as ArrayLike<number | bigint>, Number))
}
