import { BinaryReader, BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import { type Field, type FieldKind, type MessageName, schema } from './schema.ts'

/** A decoded message: its known fields by name, absent where the file has none, and the bytes of all unknown ones. */
export interface Message {
  [field: string]: unknown
  /** Fields that the schema does not know, tag included, as they stood in the file. */
  $unknown?: Uint8Array[]
}

/** Decodes a message; byte fields are views into `bytes`. Throws `RangeError` or `Error` where the bytes are malformed. */
export function decodeMessage(name: MessageName, bytes: Uint8Array): Message {
  const fields = schema[name]
  const reader = new BinaryReader(bytes)
  const message: Message = {}
  while (reader.pos < reader.len) {
    const start = reader.pos
    const [number, wireType] = reader.tag()
    const field = fields[number]
    if (field === undefined) {
      reader.skip(wireType, number)
      message.$unknown ??= []
      message.$unknown.push(bytes.subarray(start, reader.pos))
    } else if (field.repeated) {
      message[field.name] ??= []
      const values = message[field.name] as unknown[]
      if (wireType === WireType.LengthDelimited && isNumeric(field.kind)) {
        const end = reader.uint32() + reader.pos
        if (end > reader.len) throw new RangeError('packed field runs past the end')
        while (reader.pos < end) values.push(readValue(reader, field.kind))
      } else {
        values.push(readValue(reader, field.kind))
      }
    } else {
      message[field.name] = readValue(reader, field.kind)
    }
  }
  return message
}

/** Encodes a message: known fields by number, then the unknown ones. Large byte fields are copied once, at the end. */
export function encodeMessage(name: MessageName, message: Message): Uint8Array {
  const chunks: Uint8Array[] = []
  const size = collect(name, message, chunks)
  const result = new Uint8Array(size)
  let offset = 0
  for (const chunk of chunks) {
    result.set(chunk, offset)
    offset += chunk.length
  }
  return result
}

const isNumeric = (kind: FieldKind): boolean => kind in numericWire

const numericWire: Partial<Record<FieldKind, WireType>> = {
  int64: WireType.Varint,
  int32: WireType.Varint,
  uint64: WireType.Varint,
  float: WireType.Bit32,
  double: WireType.Bit64,
}

function readValue(reader: BinaryReader, kind: FieldKind): unknown {
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
      return decodeMessage(kind, reader.bytes())
  }
}

/** Appends the encoded message to `chunks` and returns its length in bytes. */
function collect(name: MessageName, message: Message, chunks: Uint8Array[]): number {
  let size = 0
  const push = (chunk: Uint8Array): void => {
    chunks.push(chunk)
    size += chunk.length
  }
  for (const [number, field] of Object.entries(schema[name])) {
    const value = message[field.name]
    if (value === undefined) continue
    if (!field.repeated) size += collectValue(Number(number), field, value, chunks)
    else if (isNumeric(field.kind)) {
      const values = value as readonly unknown[]
      if (values.length > 0) push(packed(Number(number), field.kind, values))
    } else for (const item of value as readonly unknown[]) size += collectValue(Number(number), field, item, chunks)
  }
  for (const chunk of message.$unknown ?? []) push(chunk)
  return size
}

function collectValue(number: number, field: Field, value: unknown, chunks: Uint8Array[]): number {
  const writer = new BinaryWriter()
  const wire = numericWire[field.kind]
  if (wire !== undefined) {
    writer.tag(number, wire)
    writeNumber(writer, field.kind, value)
    const bytes = writer.finish()
    chunks.push(bytes)
    return bytes.length
  }
  const body: Uint8Array[] = []
  let length: number
  if (field.kind === 'string') {
    body.push(new TextEncoder().encode(value as string))
    length = body[0]!.length
  } else if (field.kind === 'bytes') {
    body.push(value as Uint8Array)
    length = body[0]!.length
  } else {
    length = collect(field.kind as MessageName, value as Message, body)
  }
  const head = writer.tag(number, WireType.LengthDelimited).uint32(length).finish()
  chunks.push(head)
  for (const chunk of body) chunks.push(chunk)
  return head.length + length
}

function packed(number: number, kind: FieldKind, values: readonly unknown[]): Uint8Array {
  const writer = new BinaryWriter().tag(number, WireType.LengthDelimited).fork()
  for (const value of values) writeNumber(writer, kind, value)
  return writer.join().finish()
}

function writeNumber(writer: BinaryWriter, kind: FieldKind, value: unknown): void {
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
    default:
      writer.double(value as number)
  }
}
