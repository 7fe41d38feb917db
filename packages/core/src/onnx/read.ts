import { InvalidInputError } from '../errors.ts'
import { decodeMessage } from './decode-message.ts'
import type { ExternalData } from './external-data.ts'
import { type Message, messagesOf } from './message.ts'
import type { Model } from './model.ts'
import { domainOf, readGraph, textOf } from './read-graph.ts'

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
