import type { Tensor } from '../tensor/index.ts'
import { attributeMessage } from './attribute.ts'
import { encodeMessage } from './encode-message.ts'
import type { Message } from './message.ts'
import type { Graph, Model, Node } from './model.ts'
import { EXTERNAL, encodeTensor } from './tensor-codec.ts'
import { valueInfoMessage } from './value-info.ts'

/** Tensors that go to a file beside the model: written there by the caller in this order, from offset 0 on. */
export interface ExternalFile {
  /** The name that the model refers to, relative to its own folder. */
  readonly location: string
  /** Tensors of at least this many bytes go there. */
  readonly threshold: number
}

/**
 * Writes a model as the bytes of an ONNX file. What Graft does not look at is written as it was read, but for the
 * comments (`doc_string`) of tensors and attributes. Throws `InvalidInputError` where a tensor's data do not fit its
 * shape, or the file would exceed 2 GB.
 */
export const writeModel = (model: Model): Uint8Array => encodeMessage('Model', modelMessage(model, encodeTensor))

/**
 * As `writeModel`, with the large initialisers apart: ONNX files end at 2 GB, the data beside them does not. `data` are
 * the pieces of that file in order, views of the tensors' own memory and, between them, zeros: each tensor begins at a
 * multiple of 64 bytes, one of 1 MB or more at a multiple of 4,096, so that it can be mapped into memory.
 */
export function writeModelWithExternalData(
  model: Model,
  file: ExternalFile,
): { model: Uint8Array; data: Uint8Array[] } {
  const data: Uint8Array[] = []
  let offset = 0
  const encode = (name: string, t: Tensor): Message => {
    const { rawData, ...message } = encodeTensor(name, t)
    const bytes = rawData as Uint8Array | undefined
    if (bytes === undefined || bytes.length === 0 || bytes.length < file.threshold) return { ...message, rawData }
    const alignment = bytes.length < 1 << 20 ? 64 : 4096
    const padding = (alignment - (offset % alignment)) % alignment
    if (padding > 0) data.push(new Uint8Array(padding))
    offset += padding
    const externalData = Object.entries({ location: file.location, offset, length: bytes.length }).map(
      ([key, value]): Message => ({ key, value: `${value}` }),
    )
    data.push(bytes)
    offset += bytes.length
    return { ...message, externalData, dataLocation: EXTERNAL }
  }
  return { model: encodeMessage('Model', modelMessage(model, encode)), data }
}

type EncodeInitializer = (name: string, t: Tensor) => Message

const modelMessage = (model: Model, encode: EncodeInitializer): Message => ({
  ...model.rest,
  irVersion: BigInt(model.irVersion),
  opsetImport: Object.entries(model.opsets).map(([domain, version]): Message => ({ domain, version: BigInt(version) })),
  producerName: model.producer.name,
  producerVersion: model.producer.version,
  metadataProps: Object.entries(model.metadata).map(([key, value]): Message => ({ key, value })),
  graph: graphMessage(model.graph, encode),
})

const graphMessage = (graph: Graph, encode: EncodeInitializer): Message => ({
  ...graph.rest,
  name: graph.name,
  node: graph.nodes.map((node) => nodeMessage(node, encode)),
  input: graph.inputs.map(valueInfoMessage),
  output: graph.outputs.map(valueInfoMessage),
  initializer: [...graph.initializers].map(([name, t]) => encode(name, t)),
  valueInfo: graph.values.map(valueInfoMessage),
})

const nodeMessage = (node: Node, encode: EncodeInitializer): Message => ({
  ...node.rest,
  input: node.inputs,
  output: node.outputs,
  name: node.name,
  opType: node.op,
  domain: node.domain,
  attribute: Object.entries(node.attributes).map(([name, attribute]) =>
    attributeMessage(name, attribute, (graph) => graphMessage(graph, encode)),
  ),
})
