import { open } from 'node:fs/promises'
import { InvalidInputError, sizeOf, type Tensor } from 'graft-learn'
import { checkFile } from './check-file.ts'
import { type NpyArray, parseNpy } from './npy-header.ts'
import { npyElements } from './npy-values.ts'
import { readZipDirectory, readZipEntry } from './zip.ts'

/**
 * Every array of a `.npz` file by name, as tensors in C order: numbers and booleans in their own type, half precision as
 * float32. Throws `InvalidInputError` where the file is damaged or holds arrays of other types.
 */
export async function readNpzArrays(file: string): Promise<ReadonlyMap<string, Tensor>> {
  await checkFile(file)
  const handle = await open(file)
  try {
    const entries = await readZipDirectory(handle)
    if (entries === null) throw damaged(file)
    const arrays = new Map<string, Tensor>()
    for (const entry of entries.filter(({ name }) => name.endsWith('.npy'))) {
      const bytes = await readZipEntry(handle, entry)
      if (bytes === null) throw damaged(file)
      const name = entry.name.replace(/\.npy$/, '')
      arrays.set(name, arrayTensor(file, name, bytes))
    }
    return arrays
  } finally {
    await handle.close()
  }
}

function arrayTensor(file: string, name: string, bytes: Uint8Array): Tensor {
  const array = parseNpy(bytes)
  if ('fault' in array) throw new InvalidInputError(`array ${name}: ${array.fault}`, { file })
  const tensor = npyTensor(array)
  if (tensor !== null) return tensor
  throw new InvalidInputError(`array ${name}: its elements are of type ${array.type}, expected numbers or booleans`, {
    file,
  })
}

/** A numeric or boolean array as a tensor; null where it is none. */
export function npyTensor(array: NpyArray): Tensor | null {
  const elements = npyElements(array)
  if (elements === null) return null
  const dims = array.shape
  const data = array.fortranOrder && dims.length > 1 ? inRowOrder(elements, dims) : elements
  if (array.type === 'b1' || array.type === '?') return { type: 'bool', dims, data: data as Uint8Array }
  if (data instanceof Float32Array) return { type: 'float32', dims, data }
  if (data instanceof Float64Array) return { type: 'float64', dims, data }
  if (data instanceof BigInt64Array) return { type: 'int64', dims, data }
  if (data instanceof BigUint64Array) return { type: 'uint64', dims, data }
  if (data instanceof Int32Array) return { type: 'int32', dims, data }
  if (data instanceof Uint32Array) return { type: 'uint32', dims, data }
  if (data instanceof Int16Array) return { type: 'int16', dims, data }
  if (data instanceof Uint16Array) return { type: 'uint16', dims, data }
  if (data instanceof Int8Array) return { type: 'int8', dims, data }
  return data instanceof Uint8Array ? { type: 'uint8', dims, data } : null
}

type Elements = NonNullable<ReturnType<typeof npyElements>>

/** Elements in which the first index varies fastest, as elements in which the last one does. */
function inRowOrder(elements: Elements, dims: readonly number[]): Elements {
  const result = (elements as Float64Array).slice()
  const index = new Array<number>(dims.length).fill(0)
  const strides = dims.map((_, axis) => sizeOf(dims.slice(0, axis)))
  for (let i = 0; i < result.length; i++) {
    const from = index.reduce((sum, at, axis) => sum + at * strides[axis]!, 0)
    result[i] = (elements as Float64Array)[from]!
    for (let axis = dims.length - 1; axis >= 0; axis--) {
      index[axis] = index[axis]! + 1
      if (index[axis]! < dims[axis]!) break
      index[axis] = 0
    }
  }
  return result
}

const damaged = (file: string) =>
  new InvalidInputError('the file is damaged, cut short or no .npz file: fetch or write it again', { file })
