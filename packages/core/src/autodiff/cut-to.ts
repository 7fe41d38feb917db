import type { Model, ValueInfo } from '../onnx/index.ts'
import { ancestors, readBy } from './between.ts'

/** The part of a model that computes some of its values, which become its outputs. */
export function cutTo(model: Model, outputs: readonly ValueInfo[]): Model {
  const { graph } = model
  const names = outputs.map(({ name }) => name)
  const nodes = ancestors(graph.nodes, names)
  const read = new Set([...names, ...nodes.flatMap(readBy)])
  const initializers = new Map([...graph.initializers].filter(([name]) => read.has(name)))
  return {
    ...model,
    graph: { ...graph, nodes, inputs: graph.inputs.filter(({ name }) => read.has(name)), outputs, initializers },
  }
}
