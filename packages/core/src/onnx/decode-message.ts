import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import type { Message } from './message.ts'
import { decodePacked } from './packed.ts'
import { type FieldKind, isNumeric, type MessageName, schema, wireTypeOf } from './schema.ts'

/** Messages within messages that a file may hold: the limit of protobuf itself, and so of ONNX Runtime. */
const MAX_DEPTH = 100

/**
 * Decodes a message; byte fields are views into `bytes`. As protobuf asks: a field of an unexpected wire type counts
 * as unknown, of a single field given twice the last counts, and messages given twice are merged. Throws `RangeError`
 * or `Error` where the bytes are malformed.
 */
export const decodeMessage = (name: MessageName, bytes: Uint8Array): Message => decodeInto({}, name, bytes, 0)

function decodeInto(message: Message, name: MessageName, bytes: Uint8Array, depth: number): Message {
  if (depth > MAX_DEPTH) throw new RangeError(`messages are nested more than ${MAX_DEPTH} deep`)
  const fields = schema[name]
  const reader = new BinaryReader(bytes)
  while (reader.pos < reader.len) {
    const start = reader.pos
    const [number, wireType] = reader.tag()
    const field = fields[number]
    if (field?.repeated && isNumeric(field.kind) && wireType === WireType.LengthDelimited) {
      message[field.name] = joined(message[field.name], decodePacked(field.kind, reader.bytes()))
    } else if (field === undefined || wireType !== wireTypeOf(field.kind)) {
      reader.skip(wireType, number)
      message.$unknown ??= []
      message.$unknown.push(bytes.subarray(start, reader.pos))
    } else if (!field.repeated) {
      message[field.name] = readValue(reader, field.kind, depth, message[field.name])
    } else {
      if (!Array.isArray(message[field.name])) message[field.name] = joined(message[field.name], [])
      const values = message[field.name] as unknown[]
      values.push(readValue(reader, field.kind, depth, undefined))
    }
  }
  return message
}

/** A repeated field that came in two pieces, as a plain array; the only piece as it is. */
function joined(first: unknown, second: Iterable<unknown>): unknown {
  if (first === undefined) return second
  const values = Array.isArray(first) ? (first as unknown[]) : [...(first as Iterable<unknown>)]
  for (const value of second) values.push(value)
  return values
}

function readValue(reader: BinaryReader, kind: FieldKind, depth: number, former: unknown): unknown {
  switch (kind) {
    case 'int64':
      return BigInt(reader.int64())
    case 'uint64':
      return BigInt(reader.uint64())
    case 'int32':
      return reader.int32()
    case 'float':
      return reader.float()
    case 'double':
      return reader.double()
    case 'string':
      return reader.string()
    case 'bytes':
      return reader.bytes()
    default:
      return decodeInto((former as Message | undefined) ?? {}, kind, reader.bytes(), depth + 1)
  }
}
