import type { Model } from '../onnx/index.ts'

/** The model without the shapes of values that it does not have, or has as outputs. */
export function withOwnValues(model: Model): Model {
  const { graph } = model
  const own = new Set(graph.nodes.flatMap((node) => node.outputs))
  for (const { name } of graph.outputs) own.delete(name)
  return { ...model, graph: { ...graph, values: graph.values.filter(({ name }) => own.has(name)) } }
}
