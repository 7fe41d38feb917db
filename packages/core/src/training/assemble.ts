import { ancestors, type GraphWriter, lowered, readBy, type Specialised, type TypedValue } from '../autodiff/index.ts'
import type { Model, ValueInfo } from '../onnx/index.ts'

/**
 * One graph of a forward half and what was written to follow it, cut down to what `outputs` need. `given` are the values
 * that come from outside in every run besides the forward half's inputs: some of its initialisers, and others that were
 * not there before.
 */
export function assemble(
  graph: Specialised,
  writer: GraphWriter,
  outputs: readonly TypedValue[],
  given: ReadonlyMap<string, TypedValue>,
): Model {
  const forward = graph.model.graph
  const nodes = ancestors(
    [...forward.nodes.map(lowered), ...writer.nodes],
    outputs.map(({ name }) => name),
  )
  const read = new Set(nodes.flatMap(readBy))
  const stored = [...forward.initializers, ...writer.initializers].filter(
    ([name]) => read.has(name) && !given.has(name),
  )
  const added = [...given.values()].map(({ name, type, dims }): ValueInfo => ({ name, type, dims }))
  const inputs = [...forward.inputs, ...added].filter(({ name }) => read.has(name))
  return {
    ...graph.model,
    graph: {
      ...forward,
      name: `${forward.name} training step`,
      nodes,
      inputs,
      outputs,
      initializers: new Map(stored),
    },
  }
}

/** The part of a model that computes some of its values, which become its outputs. */
export function cutTo(model: Model, outputs: readonly ValueInfo[]): Model {
  const { graph } = model
  const nodes = ancestors(
    graph.nodes,
    outputs.map(({ name }) => name),
  )
  const read = new Set(nodes.flatMap(readBy))
  const initializers = new Map([...graph.initializers].filter(([name]) => read.has(name)))
  return {
    ...model,
    graph: { ...graph, nodes, inputs: graph.inputs.filter(({ name }) => read.has(name)), outputs, initializers },
  }
}
