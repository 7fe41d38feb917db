import type { Tensor } from '../tensor/index.ts'
import type { Attribute, Dimension, Graph, Model, Node, ValueInfo } from './model.ts'
import { codeOfType, encodeTensor } from './tensor-codec.ts'
import { encodeMessage, type Message } from './wire.ts'

/** Tensors that go to a file beside the model: written there by the caller in this order, from offset 0 on. */
export interface ExternalFile {
  /** The name that the model refers to, relative to its own folder. */
  readonly location: string
  /** Tensors of at least this many bytes go there. */
  readonly threshold: number
}

/** Writes a model as the bytes of an ONNX file. What Graft does not look at is written as it was read. */
export const writeModel = (model: Model): Uint8Array => encodeMessage('Model', modelMessage(model, encodeTensor))

/** As `writeModel`, with the large tensors apart: ONNX files end at 2 GB, the data beside them does not. */
export function writeModelWithExternalData(
  model: Model,
  file: ExternalFile,
): { model: Uint8Array; data: Uint8Array[] } {
  const data: Uint8Array[] = []
  let offset = 0
  const encode = (name: string, t: Tensor): Message => {
    const { rawData, ...message } = encodeTensor(name, t)
    const bytes = rawData as Uint8Array | undefined
    if (bytes === undefined || bytes.length < file.threshold) return { ...message, rawData: bytes }
    const padding = (64 - (offset % 64)) % 64
    if (padding > 0) data.push(new Uint8Array(padding))
    offset += padding
    const entry = (key: string, value: string): Message => ({ key, value })
    const externalData = [
      entry('location', file.location),
      entry('offset', `${offset}`),
      entry('length', `${bytes.length}`),
    ]
    data.push(bytes)
    offset += bytes.length
    return { ...message, externalData, dataLocation: 1 }
  }
  return { model: encodeMessage('Model', modelMessage(model, encode)), data }
}

type EncodeInitializer = (name: string, t: Tensor) => Message

function modelMessage(model: Model, encode: EncodeInitializer): Message {
  return {
    ...model.rest,
    irVersion: BigInt(model.irVersion),
    opsetImport: Object.entries(model.opsets).map(
      ([domain, version]): Message => ({ domain, version: BigInt(version) }),
    ),
    producerName: model.producer.name,
    producerVersion: model.producer.version,
    metadataProps: Object.entries(model.metadata).map(([key, value]): Message => ({ key, value })),
    graph: graphMessage(model.graph, encode),
  }
}

function graphMessage(graph: Graph, encode: EncodeInitializer): Message {
  return {
    ...graph.rest,
    name: graph.name,
    node: graph.nodes.map(nodeMessage),
    input: graph.inputs.map(valueInfoMessage),
    output: graph.outputs.map(valueInfoMessage),
    initializer: [...graph.initializers].map(([name, t]) => encode(name, t)),
    valueInfo: graph.values.map(valueInfoMessage),
  }
}

const nodeMessage = (node: Node): Message => ({
  ...node.rest,
  input: node.inputs,
  output: node.outputs,
  name: node.name,
  opType: node.op,
  domain: node.domain,
  attribute: Object.entries(node.attributes).map(([name, attribute]) => attributeMessage(name, attribute)),
})

function attributeMessage(name: string, attribute: Attribute): Message {
  const encoder = new TextEncoder()
  switch (attribute.type) {
    case 'float':
      return { name, type: 1, f: attribute.value }
    case 'int':
      return { name, type: 2, i: BigInt(attribute.value) }
    case 'string':
      return { name, type: 3, s: encoder.encode(attribute.value) }
    case 'tensor':
      return { name, type: 4, t: encodeTensor('', attribute.value) }
    case 'graph':
      return { name, type: 5, g: graphMessage(attribute.value, encodeTensor) }
    case 'floats':
      return { name, type: 6, floats: attribute.value }
    case 'ints':
      return { name, type: 7, ints: attribute.value.map(BigInt) }
    case 'strings':
      return { name, type: 8, strings: attribute.value.map((value) => encoder.encode(value)) }
    case 'other':
      return attribute.value
  }
}

function valueInfoMessage(value: ValueInfo): Message {
  if (value.rest !== undefined) return { ...value.rest, name: value.name }
  if (value.type === undefined) return { name: value.name }
  const tensorType: Message = { elementType: codeOfType(value.type) }
  if (value.dims !== undefined) tensorType.shape = { dim: value.dims.map(dimensionMessage) }
  return { name: value.name, type: { tensorType } }
}

const dimensionMessage = (dim: Dimension): Message =>
  typeof dim === 'number' ? { value: BigInt(dim) } : typeof dim === 'string' ? { parameter: dim } : {}
