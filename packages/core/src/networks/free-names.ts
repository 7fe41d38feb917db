import { InvalidInputError } from '../errors.ts'
import { type Model, renameValues, uniqueNames, type ValueInfo, valuesIn } from '../onnx/index.ts'

/**
 * The model with other names for values inside it that have one of `names`, so that outputs can be called so. Throws
 * `InvalidInputError` where the input has one of them.
 */
export function freeNames(model: Model, names: readonly string[]): Model {
  const { graph } = model
  const inside = new Set(valuesIn(graph))
  const clashing = names.filter((name) => inside.has(name))
  if (clashing.length === 0) return model
  const input = graph.inputs.find(({ name }) => clashing.includes(name))
  if (input !== undefined) {
    throw new InvalidInputError(
      `the network's input is called "${input.name}", as an output is to be: rename it in the model`,
    )
  }
  const fresh = uniqueNames(graph)
  const others = new Map(clashing.map((name) => [name, fresh(`${name}_before`)]))
  const nameOf = (name: string): string => others.get(name) ?? name
  const named = (value: ValueInfo): ValueInfo => ({ ...value, name: nameOf(value.name) })
  return {
    ...model,
    graph: {
      ...graph,
      nodes: graph.nodes.map((node) => renameValues(node, nameOf)),
      initializers: new Map([...graph.initializers].map(([name, value]) => [nameOf(name), value])),
      outputs: graph.outputs.map(named),
      values: graph.values.map(named),
    },
  }
}
