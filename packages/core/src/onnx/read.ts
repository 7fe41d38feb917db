import { InvalidInputError } from '../errors.ts'
import type { Tensor } from '../tensor/index.ts'
import { readAttribute } from './attribute.ts'
import { decodeMessage } from './decode-message.ts'
import type { ExternalData } from './external-data.ts'
import { type Message, messagesOf, stringsOf } from './message.ts'
import type { Graph, Model, Node } from './model.ts'
import { decodeTensor } from './tensor-codec.ts'
import { readValueInfo } from './value-info.ts'

/**
 * Reads an ONNX file (any opset; initialisers raw, typed or external). Tensors are views into `bytes` where aligned:
 * do not change the bytes afterwards. `external` reads data kept beside the model. Throws `InvalidInputError` where
 * the bytes are not an ONNX model or its tensors' data are not all there.
 */
export function readModel(bytes: Uint8Array, external?: ExternalData): Model {
  const message = decodeOrThrow(bytes)
  const { irVersion, opsetImport, producerName, producerVersion, metadataProps, graph, ...rest } = message
  return {
    irVersion: Number(irVersion ?? 3),
    opsets: Object.fromEntries(messagesOf(opsetImport).map((set) => [domainOf(set.domain), Number(set.version ?? 1)])),
    producer: { name: textOf(producerName), version: textOf(producerVersion) },
    metadata: Object.fromEntries(messagesOf(metadataProps).map((e) => [textOf(e.key), textOf(e.value)])),
    graph: readGraph(graph as Message, external),
    rest,
  }
}

function decodeOrThrow(bytes: Uint8Array): Message {
  let message: Message | undefined
  let reason = bytes.length === 0 ? 'it is empty' : 'it has no graph'
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

const textOf = (value: unknown): string => (value as string | undefined) ?? ''

const domainOf = (value: unknown): string => (value === 'ai.onnx' ? '' : textOf(value))

function readGraph(message: Message, external?: ExternalData): Graph {
  const { name, node, input, output, initializer, valueInfo, ...rest } = message
  return {
    name: textOf(name),
    nodes: messagesOf(node).map((n) => readNode(n, external)),
    inputs: messagesOf(input).map(readValueInfo),
    outputs: messagesOf(output).map(readValueInfo),
    initializers: new Map(
      messagesOf(initializer).map((t): [string, Tensor] => [textOf(t.name), decodeTensor(t, external)]),
    ),
    values: messagesOf(valueInfo).map(readValueInfo),
    rest,
  }
}

function readNode(message: Message, external?: ExternalData): Node {
  const { input, output, name, opType, domain, attribute, ...rest } = message
  return {
    op: textOf(opType),
    domain: domainOf(domain),
    name: textOf(name),
    inputs: stringsOf(input),
    outputs: stringsOf(output),
    attributes: Object.fromEntries(
      messagesOf(attribute).map((a) => [
        textOf(a.name),
        readAttribute(a, (graph) => readGraph(graph, external), external),
      ]),
    ),
    rest,
  }
}
