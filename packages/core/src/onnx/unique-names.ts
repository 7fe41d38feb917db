import type { Graph } from './model.ts'
import { namesOf, subgraphsOf } from './upgrade/names.ts'

/** Makes names that begin with `hint` and that nothing in a graph has, values, nodes and subgraphs included. */
export function uniqueNames(graph: Graph): (hint: string) => string {
  const { taken } = namesOf(graph)
  const addNodes = ({ nodes }: Graph): void => {
    for (const node of nodes) {
      taken.add(node.name)
      for (const inner of subgraphsOf(node)) addNodes(inner)
    }
  }
  addNodes(graph)
  return (hint) => {
    let name = hint
    for (let i = 1; taken.has(name); i++) name = `${hint}_${i}`
    taken.add(name)
    return name
  }
}
