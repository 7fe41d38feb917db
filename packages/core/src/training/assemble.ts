import { cutTo, type GraphWriter, lowered, type Specialised, type TypedValue } from '../autodiff/index.ts'
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
  const initializers = [...forward.initializers, ...writer.initializers].filter(([name]) => !given.has(name))
  const added = [...given.values()].map(({ name, type, dims }): ValueInfo => ({ name, type, dims }))
  const joined: Model = {
    ...graph.model,
    graph: {
      ...forward,
      name: `${forward.name} training step`,
      nodes: [...forward.nodes.map(lowered), ...writer.nodes],
      inputs: [...forward.inputs, ...added],
      initializers: new Map(initializers),
    },
  }
  return cutTo(joined, outputs)
}
