import type { Tensor as RuntimeTensor } from 'onnxruntime-common'
import { InvalidInputError } from '../errors.ts'
import type { ElementArrays, ElementType, Tensor } from '../tensor/index.ts'

/** The constructor of ONNX Runtime's own tensors. */
export type RuntimeTensorConstructor = new (
  type: ElementType,
  data: Tensor['data'],
  dims: readonly number[],
) => RuntimeTensor

/** Hands a tensor to ONNX Runtime; shares its memory. Throws `InvalidInputError` for types that it does not take. */
export function toRuntime(RuntimeTensor: RuntimeTensorConstructor, name: string, t: Tensor): RuntimeTensor {
  if (t.type === 'bfloat16' || t.type === 'packed') {
    throw new InvalidInputError(
      `input "${name}" is ${t.type}: ONNX Runtime takes no such tensor from JavaScript; give float32 and cast it inside the graph`,
    )
  }
  try {
    return new RuntimeTensor(t.type, t.data, t.dims)
  } catch (error) {
    throw new InvalidInputError(
      `input "${name}" (${t.type} [${t.dims.join(', ')}], ${t.data.length} elements) is no tensor: ${reasonOf(error)}`,
    )
  }
}

/** Takes a tensor from ONNX Runtime; shares its memory. Float16 comes as its bits, in engines with Float16Array too. */
export function fromRuntime(name: string, t: RuntimeTensor): Tensor {
  const { type, dims, data } = t
  if (type === 'uint4' || type === 'int4') {
    return { type: 'packed', dims, data: data as Uint8Array, code: type === 'uint4' ? 21 : 22 }
  }
  if (type === 'float16') {
    const { buffer, byteOffset, length } = data as Uint16Array
    return { type, dims, data: new Uint16Array(buffer, byteOffset, length) }
  }
  if (type === undefined) throw new InvalidInputError(`output "${name}" is not a tensor: choose another output`)
  return { type, dims, data: data as ElementArrays[typeof type] }
}

/** What went wrong, in the words of whoever threw. */
export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))
