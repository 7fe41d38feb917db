import type { Dimension, ElementType, Tensor } from 'graft-learn'

/** A shape in messages: `[N, 3, 32, 32]`. */
export const shapeText = (dims: readonly Dimension[]): string => `[${dims.map((dim) => dim ?? '?').join(', ')}]`

/**
 * The same numbers in another element type, itself where it has that type or none is asked for. Throws what `fault` makes
 * of the reason where the type cannot hold them.
 */
export function withType(tensor: Tensor, type: ElementType | undefined, fault: (reason: string) => Error): Tensor {
  const { dims, data } = tensor
  if (type === undefined || type === tensor.type) return tensor
  const numbers = data as ArrayLike<number | bigint>
  if (type === 'float32') return { type, dims, data: Float32Array.from(numbers, Number) }
  if (type === 'float64') return { type, dims, data: Float64Array.from(numbers, Number) }
  const odd = Array.from(numbers, Number).find((value) => !Number.isSafeInteger(value))
  if (odd !== undefined) throw fault(`it holds ${odd}, expected whole numbers (${type})`)
  if (type === 'int64') return { type, dims, data: BigInt64Array.from(numbers, BigInt) }
  if (type === 'int32') return { type, dims, data: Int32Array.from(numbers, Number) }
  if (type === 'bool') return { type, dims, data: Uint8Array.from(numbers, (value) => Number(Boolean(value))) }
  if (type === 'uint8') return { type, dims, data: Uint8Array.from(numbers, Number) }
  throw fault(`it is ${tensor.type}, and cannot be given as ${type}: change the type of the model's input`)
}
