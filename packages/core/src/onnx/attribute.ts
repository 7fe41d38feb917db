import { InvalidInputError } from '../errors.ts'
import type { ExternalData } from './external-data.ts'
import { blobsOf, integersOf, type Message, numbersOf } from './message.ts'
import type { Attribute, Graph } from './model.ts'
import { decodeTensor, encodeTensor } from './tensor-codec.ts'
import { decodeText, encodeText } from './text.ts'

/** Reads an AttributeProto; `readGraph` reads the subgraphs of `If` and `Loop`. */
export function readAttribute(
  message: Message,
  readGraph: (graph: Message) => Graph,
  external?: ExternalData,
): Attribute {
  const other: Attribute = { type: 'other', value: message }
  if (message.reference !== undefined) return other
  switch ((message.type as number | undefined) || guessType(message)) {
    case 1:
      return { type: 'float', value: (message.f as number | undefined) ?? 0 }
    case 2:
      return { type: 'int', value: narrow((message.i as bigint | undefined) ?? 0n) }
    case 3: {
      const value = decodeText((message.s as Uint8Array | undefined) ?? new Uint8Array())
      return value === undefined ? other : { type: 'string', value }
    }
    case 4:
      return { type: 'tensor', value: decodeTensor((message.t as Message | undefined) ?? {}, external) }
    case 5:
      return { type: 'graph', value: readGraph((message.g as Message | undefined) ?? {}) }
    case 6:
      return { type: 'floats', value: Array.from(numbersOf(message.floats)) }
    case 7:
      return { type: 'ints', value: Array.from(integersOf(message.ints), narrow) }
    case 8: {
      const value = blobsOf(message.strings).map(decodeText)
      return value.includes(undefined) ? other : { type: 'strings', value: value as string[] }
    }
    default:
      return other
  }
}

/** Files of IR version 1 leave the type out: then the field that is there tells it. */
function guessType(message: Message): number {
  const order = ['f', 'i', 's', 't', 'g', 'floats', 'ints', 'strings']
  return order.findIndex((field) => message[field] !== undefined) + 1
}

const narrow = (value: bigint): number | bigint => {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

/** Writes an AttributeProto; throws `InvalidInputError` for a number that its type cannot hold. */
export function attributeMessage(name: string, attribute: Attribute, graphMessage: (graph: Graph) => Message): Message {
  switch (attribute.type) {
    case 'float':
      return { name, type: 1, f: float32(attribute.value, name) }
    case 'int':
      return { name, type: 2, i: integer(attribute.value, name) }
    case 'string':
      return { name, type: 3, s: encodeText(attribute.value) }
    case 'tensor':
      return { name, type: 4, t: encodeTensor('', attribute.value) }
    case 'graph':
      return { name, type: 5, g: graphMessage(attribute.value) }
    case 'floats':
      return { name, type: 6, floats: attribute.value.map((value) => float32(value, name)) }
    case 'ints':
      return { name, type: 7, ints: attribute.value.map((value) => integer(value, name)) }
    case 'strings':
      return { name, type: 8, strings: attribute.value.map(encodeText) }
    case 'other':
      return { ...attribute.value, name }
  }
}

function float32(value: number, name: string): number {
  if (Number.isFinite(value) && !Number.isFinite(Math.fround(value))) {
    throw new InvalidInputError(`attribute "${name}" is ${value}: ONNX keeps it in float32, which ends at 3.4e38`)
  }
  return value
}

function integer(value: number | bigint, name: string): bigint {
  const whole = typeof value === 'bigint' || Number.isSafeInteger(value) ? BigInt(value) : undefined
  if (whole === undefined || BigInt.asIntN(64, whole) !== whole) {
    throw new InvalidInputError(`attribute "${name}" is ${value}: a whole number of 64 bits is expected`)
  }
  return whole
}
