import type { Attribute, Graph, Node } from './model.ts'
import { subgraphsOf } from './upgrade/names.ts'

/** The names of the values that a graph gives, subgraphs included: inputs, initialisers and what nodes compute. */
export const valuesIn = ({ inputs, initializers, nodes }: Graph): string[] => [
  ...inputs.map(({ name }) => name),
  ...initializers.keys(),
  ...nodes.flatMap((node) => [
    ...node.outputs.filter((name) => name !== ''),
    ...subgraphsOf(node).flatMap((inner) => valuesIn(inner)),
  ]),
]

/** The node with other names for all values, those of its subgraphs included. */
export function renameValues(node: Node, nameOf: (name: string) => string): Node {
  const renamed = (name: string): string => (name === '' ? '' : nameOf(name))
  const named = <T extends { readonly name: string }>(value: T): T => ({ ...value, name: renamed(value.name) })
  const inner = (graph: Graph): Graph => ({
    ...graph,
    nodes: graph.nodes.map((each) => renameValues(each, nameOf)),
    inputs: graph.inputs.map(named),
    outputs: graph.outputs.map(named),
    initializers: new Map([...graph.initializers].map(([name, tensor]) => [renamed(name), tensor])),
    values: graph.values.map(named),
  })
  const attributes = Object.entries(node.attributes).map(([name, attribute]): [string, Attribute] => [
    name,
    attribute.type === 'graph' ? { ...attribute, value: inner(attribute.value) } : attribute,
  ])
  return {
    ...node,
    inputs: node.inputs.map(renamed),
    outputs: node.outputs.map(renamed),
    attributes: Object.fromEntries(attributes),
  }
}
