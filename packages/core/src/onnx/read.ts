import { InvalidInputError } from '../errors.ts'
import type { Tensor } from '../tensor/index.ts'
import type { Attribute, Dimension, Graph, Model, Node, ValueInfo } from './model.ts'
import { decodeTensor, type ExternalData, typeOfCode } from './tensor-codec.ts'
import { decodeMessage, type Message } from './wire.ts'

/**
 * Reads an ONNX file (any opset; initialisers raw, typed or external). Tensors are views into `bytes` where aligned.
 * `external` reads data kept beside the model. Throws `InvalidInputError` where the bytes are not an ONNX model.
 */
export function readModel(bytes: Uint8Array, external?: ExternalData): Model {
  const message = decodeOrThrow(bytes)
  const { irVersion, opsetImport, producerName, producerVersion, metadataProps, graph, ...rest } = message
  const entries = (metadataProps as Message[] | undefined) ?? []
  return {
    irVersion: Number(irVersion ?? 3),
    opsets: Object.fromEntries(
      ((opsetImport as Message[] | undefined) ?? []).map((set) => [
        set.domain === 'ai.onnx' ? '' : ((set.domain as string | undefined) ?? ''),
        Number(set.version ?? 1),
      ]),
    ),
    producer: { name: (producerName as string) ?? '', version: (producerVersion as string) ?? '' },
    metadata: Object.fromEntries(entries.map((e) => [(e.key as string) ?? '', (e.value as string) ?? ''])),
    graph: readGraph(graph as Message, external),
    rest,
  }
}

function decodeOrThrow(bytes: Uint8Array): Message {
  let message: Message | undefined
  let reason = 'it has no graph'
  try {
    message = decodeMessage('Model', bytes)
  } catch (error) {
    reason = error instanceof Error ? error.message : String(error)
  }
  if (message?.graph === undefined) {
    throw new InvalidInputError(
      `not an ONNX model, or a damaged one (${reason}): give a file that an ONNX exporter wrote`,
    )
  }
  return message
}

function readGraph(message: Message, external?: ExternalData): Graph {
  const { name, node, input, output, initializer, valueInfo, ...rest } = message
  const list = (value: unknown): Message[] => (value as Message[] | undefined) ?? []
  return {
    name: (name as string | undefined) ?? '',
    nodes: list(node).map((n) => readNode(n, external)),
    inputs: list(input).map(readValueInfo),
    outputs: list(output).map(readValueInfo),
    initializers: new Map(
      list(initializer).map((t): [string, Tensor] => [(t.name as string) ?? '', decodeTensor(t, external)]),
    ),
    values: list(valueInfo).map(readValueInfo),
    rest,
  }
}

function readNode(message: Message, external?: ExternalData): Node {
  const { input, output, name, opType, domain, attribute, ...rest } = message
  return {
    op: (opType as string | undefined) ?? '',
    domain: domain === 'ai.onnx' ? '' : ((domain as string | undefined) ?? ''),
    name: (name as string | undefined) ?? '',
    inputs: (input as string[] | undefined) ?? [],
    outputs: (output as string[] | undefined) ?? [],
    attributes: Object.fromEntries(
      ((attribute as Message[] | undefined) ?? []).map((a) => [(a.name as string) ?? '', readAttribute(a, external)]),
    ),
    rest,
  }
}

/** The attribute's kind by its `type` field; files of IR version 1 leave that out, so then by the field that is there. */
function readAttribute(message: Message, external?: ExternalData): Attribute {
  const code = (message.type as number | undefined) ?? guessAttributeType(message)
  const decoder = new TextDecoder()
  switch (code) {
    case 1:
      return { type: 'float', value: (message.f as number | undefined) ?? 0 }
    case 2:
      return { type: 'int', value: narrow((message.i as bigint | undefined) ?? 0n) }
    case 3:
      return { type: 'string', value: decoder.decode((message.s as Uint8Array | undefined) ?? new Uint8Array()) }
    case 4:
      return { type: 'tensor', value: decodeTensor((message.t as Message | undefined) ?? {}, external) }
    case 5:
      return { type: 'graph', value: readGraph((message.g as Message | undefined) ?? {}, external) }
    case 6:
      return { type: 'floats', value: (message.floats as number[] | undefined) ?? [] }
    case 7:
      return { type: 'ints', value: ((message.ints as bigint[] | undefined) ?? []).map(narrow) }
    case 8:
      return {
        type: 'strings',
        value: ((message.strings as Uint8Array[] | undefined) ?? []).map((s) => decoder.decode(s)),
      }
    default:
      return { type: 'other', value: message }
  }
}

function guessAttributeType(message: Message): number {
  const order = ['f', 'i', 's', 't', 'g', 'floats', 'ints', 'strings']
  return order.findIndex((field) => message[field] !== undefined) + 1
}

const narrow = (value: bigint): number | bigint => {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

function readValueInfo(message: Message): ValueInfo {
  const tensorType = (message.type as Message | undefined)?.tensorType as Message | undefined
  const name = (message.name as string | undefined) ?? ''
  if (tensorType === undefined) return { name, rest: message }
  const dims = ((tensorType.shape as Message | undefined)?.dim as Message[] | undefined)?.map(readDimension)
  const shape = tensorType.shape === undefined ? undefined : (dims ?? [])
  return {
    name,
    type: typeOfCode((tensorType.elementType as number | undefined) ?? 0),
    ...(shape === undefined ? {} : { dims: shape }),
    rest: message,
  }
}

const readDimension = (dim: Message): Dimension =>
  dim.value !== undefined ? Number(dim.value) : ((dim.parameter as string | undefined) ?? null)
