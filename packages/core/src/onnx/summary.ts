import { sizeOf } from '../tensor/index.ts'
import type { Graph, Model, ValueInfo } from './model.ts'

/** What a model holds, in numbers that a person can take in. */
export interface ModelSummary {
  /** Inputs that a caller gives: those that are initialisers too are left out. */
  readonly inputs: readonly ValueInfo[]
  readonly outputs: readonly ValueInfo[]
  /** How often each operator occurs, subgraphs included, most frequent first; `domain:Op` outside ONNX's own domain. */
  readonly operators: Readonly<Record<string, number>>
  readonly nodes: number
  /** Elements of all initialisers, and how many initialisers there are. */
  readonly parameters: { readonly elements: number; readonly tensors: number }
  readonly opsets: Readonly<Record<string, number>>
  readonly irVersion: number
  readonly producer: Model['producer']
  readonly metadata: Readonly<Record<string, string>>
}

/** Summarises a model. */
export function summariseModel(model: Model): ModelSummary {
  const { graph } = model
  const counts = new Map<string, number>()
  let elements = 0
  let tensors = 0
  const visit = (part: Graph): void => {
    for (const initializer of part.initializers.values()) {
      elements += sizeOf(initializer.dims)
      tensors += 1
    }
    for (const node of part.nodes) {
      const name = node.domain === '' ? node.op : `${node.domain}:${node.op}`
      counts.set(name, (counts.get(name) ?? 0) + 1)
      for (const attribute of Object.values(node.attributes)) if (attribute.type === 'graph') visit(attribute.value)
    }
  }
  visit(graph)
  const operators = [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
  return {
    inputs: graph.inputs.filter((input) => !graph.initializers.has(input.name)).map(described),
    outputs: graph.outputs.map(described),
    operators: Object.fromEntries(operators),
    nodes: operators.reduce((sum, [, count]) => sum + count, 0),
    parameters: { elements, tensors },
    opsets: model.opsets,
    irVersion: model.irVersion,
    producer: model.producer,
    metadata: model.metadata,
  }
}

/** Name, type and shape alone, without the fields of the file that Graft does not look at. */
const described = ({ name, type, dims }: ValueInfo): ValueInfo => ({
  name,
  ...(type === undefined ? {} : { type }),
  ...(dims === undefined ? {} : { dims }),
})
