import { InvalidInputError } from '../errors.ts'
import { fingerprint, type Tensors } from '../runtime/index.ts'
import type { ElementType, Tensor } from '../tensor/index.ts'

/** Where training stood: tensors by name, and the rest as JSON. */
export interface Checkpoint {
  readonly position: Readonly<Record<string, unknown>>
  readonly tensors: Tensors
}

/** Keeps checkpoints; the newest that is whole counts. */
export interface CheckpointStore {
  /** Stores one; once this ends it must survive whatever happens to the process. */
  write(bytes: Uint8Array): Promise<void>
  /** What is stored, the newest first, each with a name for messages. */
  list(): Promise<readonly { readonly name: string; read(): Promise<Uint8Array> }[]>
}

const MAGIC = 'GRAFTCP1'
/** 128 bits in hexadecimal. */
const DIGEST = 32

const arrays = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
} as const

type StoredType = keyof typeof arrays

const isStored = (type: ElementType): type is StoredType => type in arrays

/** A checkpoint as bytes: a mark, a digest of all that follows it, a directory in JSON, and the tensors. */
export function encodeCheckpoint({ position, tensors }: Checkpoint): Uint8Array {
  let at = 0
  const entries = Object.entries(tensors).map(([name, { type, dims, data }]) => {
    if (!isStored(type)) throw new InvalidInputError(`a checkpoint holds no ${type} tensors, got "${name}"`)
    const bytes = data as ArrayBufferView
    const entry = { name, type, dims, offset: at, length: bytes.byteLength }
    at += Math.ceil(bytes.byteLength / 8) * 8
    return { entry, bytes: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength) }
  })
  const directory = new TextEncoder().encode(JSON.stringify({ position, tensors: entries.map(({ entry }) => entry) }))
  const head = MAGIC.length + DIGEST + 8
  const body = Math.ceil((head + directory.length) / 8) * 8
  const result = new Uint8Array(body + at)
  result.set(new TextEncoder().encode(MAGIC))
  new DataView(result.buffer).setBigUint64(MAGIC.length + DIGEST, BigInt(directory.length), true)
  result.set(directory, head)
  for (const { entry, bytes } of entries) result.set(bytes, body + entry.offset)
  result.set(digestOf(result), MAGIC.length)
  return result
}

/** Reads what `encodeCheckpoint` wrote; throws `InvalidInputError` where it is cut short, altered or something else. */
export function decodeCheckpoint(given: Uint8Array): Checkpoint {
  // Node's own kind of bytes has a `slice` that shares memory.
  const bytes = new Uint8Array(given.buffer, given.byteOffset, given.byteLength)
  const head = MAGIC.length + DIGEST + 8
  if (bytes.length < head || new TextDecoder().decode(bytes.subarray(0, MAGIC.length)) !== MAGIC) {
    throw new InvalidInputError('it is no checkpoint of Graft')
  }
  const digest = digestOf(bytes)
  if (digest.some((byte, i) => byte !== bytes[MAGIC.length + i])) {
    throw new InvalidInputError('it was cut short or altered: its digest does not fit its content')
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = Number(view.getBigUint64(MAGIC.length + DIGEST, true))
  const directory = JSON.parse(new TextDecoder().decode(bytes.subarray(head, head + length))) as {
    position: Record<string, unknown>
    tensors: { name: string; type: StoredType; dims: number[]; offset: number; length: number }[]
  }
  const body = Math.ceil((head + length) / 8) * 8
  const tensors = directory.tensors.map((entry): [string, Tensor] => {
    const start = body + entry.offset
    const { buffer } = bytes.slice(start, start + entry.length)
    return [entry.name, { type: entry.type, dims: entry.dims, data: new arrays[entry.type](buffer) } as Tensor]
  })
  return { position: directory.position, tensors: Object.fromEntries(tensors) }
}

/** A hash of all that follows the place where the digest itself stands. */
function digestOf(bytes: Uint8Array): Uint8Array {
  const hash = fingerprint(bytes.subarray(MAGIC.length + DIGEST))
  return new TextEncoder().encode(hash.slice(hash.indexOf(':') + 1))
}
