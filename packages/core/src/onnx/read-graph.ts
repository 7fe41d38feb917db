import type { Tensor } from '../tensor/index.ts'
import { readAttribute } from './attribute.ts'
import type { ExternalData } from './external-data.ts'
import { type Message, messagesOf, stringsOf } from './message.ts'
import type { Graph, Node } from './model.ts'
import { decodeTensor } from './tensor-codec.ts'
import { readValueInfo } from './value-info.ts'

/** A text field, empty where absent. */
export const textOf = (value: unknown): string => (value as string | undefined) ?? ''

/** An operator set's name; ONNX's own is `''` here, however the file writes it. */
export const domainOf = (value: unknown): string => (value === 'ai.onnx' ? '' : textOf(value))

/** Reads a GraphProto. */
export function readGraph(message: Message, external?: ExternalData): Graph {
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

/** Reads a NodeProto. */
export function readNode(message: Message, external?: ExternalData): Node {
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
