import type { Graph, Node } from '../model.ts'

/** The names of values in a graph and in the graphs inside it. */
export interface Names {
  /** Every name that stands anywhere. */
  readonly taken: Set<string>
  /** Those that a node reads or a graph gives back. */
  readonly read: ReadonlySet<string>
}

/** The graphs that a node holds in its attributes. */
export const subgraphsOf = (node: Node): readonly Graph[] =>
  Object.values(node.attributes).flatMap((attribute) => (attribute.type === 'graph' ? [attribute.value] : []))

/** Collects the names of a graph. */
export function namesOf(graph: Graph): Names {
  const taken = new Set<string>()
  const read = new Set<string>()
  const visit = ({ nodes, inputs, outputs, initializers, values }: Graph): void => {
    for (const { name } of [...inputs, ...values]) taken.add(name)
    for (const name of initializers.keys()) taken.add(name)
    for (const { name } of outputs) read.add(name)
    for (const node of nodes) {
      for (const name of node.inputs) if (name !== '') read.add(name)
      for (const name of node.outputs) taken.add(name)
      for (const inner of subgraphsOf(node)) visit(inner)
    }
  }
  visit(graph)
  for (const name of read) taken.add(name)
  return { taken, read }
}
