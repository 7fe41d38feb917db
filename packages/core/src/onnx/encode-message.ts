import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { InvalidInputError } from '../errors.ts'
import type { Message } from './message.ts'
import {
  type Field,
  type FieldKind,
  isNumeric,
  type MessageName,
  type NumericKind,
  schema,
  wireTypeOf,
} from './schema.ts'

/** Protobuf's limit, and so ONNX's: one byte less than 2 GB. */
const MAX_BYTES = 0x7fffffff

/** From this size on, bytes are handed on as they are and copied once, into the finished file. */
const LARGE = 4096

/**
 * Encodes a message: known fields by number, then the unknown ones. Large byte fields are copied once, at the end.
 * Throws `InvalidInputError` where the result would exceed 2 GB.
 */
export function encodeMessage(name: MessageName, message: Message): Uint8Array {
  const chunks: Uint8Array[] = []
  const result = new Uint8Array(collect(name, message, chunks))
  let offset = 0
  for (const chunk of chunks) {
    result.set(chunk, offset)
    offset += chunk.length
  }
  return result
}

/** Appends the encoded message to `chunks` and returns its length in bytes. */
function collect(name: MessageName, message: Message, chunks: Uint8Array[]): number {
  const writer = new BinaryWriter()
  let size = 0
  const append = (parts: readonly Uint8Array[], length: number): void => {
    if (length < LARGE) {
      for (const part of parts) writer.raw(part)
      return
    }
    for (const part of [writer.finish(), ...parts]) {
      chunks.push(part)
      size += part.length
    }
    checkSize(size)
  }
  const delimited = (number: number, parts: readonly Uint8Array[], length: number): void => {
    writer.tag(number, WireType.LengthDelimited).uint32(length)
    append(parts, length)
  }
  const single = (number: number, kind: FieldKind, value: unknown): void => {
    if (isNumeric(kind)) writeNumber(writer.tag(number, wireTypeOf(kind)), kind, value)
    else if (kind === 'string') writer.tag(number, WireType.LengthDelimited).string(value as string)
    else if (kind === 'bytes') delimited(number, [value as Uint8Array], (value as Uint8Array).length)
    else {
      const inner: Uint8Array[] = []
      const length = collect(kind, value as Message, inner)
      delimited(number, inner, length)
    }
  }
  for (const [key, field] of Object.entries(schema[name])) {
    const value = message[field.name]
    if (value === undefined) continue
    const number = Number(key)
    if (isPackable(field)) {
      const bytes = packed(field.kind, value as ArrayLike<unknown>)
      if (bytes.length > 0) delimited(number, [bytes], bytes.length)
    } else if (field.repeated) for (const item of value as readonly unknown[]) single(number, field.kind, item)
    else single(number, field.kind, value)
  }
  for (const bytes of message.$unknown ?? []) append([bytes], bytes.length)
  const rest = writer.finish()
  chunks.push(rest)
  checkSize(size + rest.length)
  return size + rest.length
}

const isPackable = (field: Field): field is Field & { kind: NumericKind } =>
  field.repeated === true && isNumeric(field.kind)

function checkSize(bytes: number): void {
  if (bytes > MAX_BYTES) {
    throw new InvalidInputError(
      `an ONNX file ends at 2 GB, this model needs more: keep its tensors in a file of their own (writeModelWithExternalData)`,
    )
  }
}

function packed(kind: NumericKind, values: ArrayLike<unknown>): Uint8Array {
  if ((kind === 'float' && values instanceof Float32Array) || (kind === 'double' && values instanceof Float64Array)) {
    return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
  }
  const writer = new BinaryWriter()
  for (let i = 0; i < values.length; i++) writeNumber(writer, kind, values[i])
  return writer.finish()
}

function writeNumber(writer: BinaryWriter, kind: NumericKind, value: unknown): void {
  switch (kind) {
    case 'int64':
      writer.int64(value as bigint)
      return
    case 'uint64':
      writer.uint64(value as bigint)
      return
    case 'int32':
      writer.int32(value as number)
      return
    case 'float':
      writer.float(value as number)
      return
    case 'double':
      writer.double(value as number)
  }
}
