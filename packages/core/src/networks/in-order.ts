import { readBy } from '../autodiff/index.ts'
import type { Node } from '../onnx/index.ts'

/** The nodes with each after those that it reads from, otherwise in the order given. */
export function inOrder(nodes: readonly Node[]): Node[] {
  const producers = new Map(nodes.flatMap((node) => node.outputs.map((name): [string, Node] => [name, node])))
  const sorted: Node[] = []
  const seen = new Set<Node>()
  const place = (node: Node): void => {
    if (seen.has(node)) return
    seen.add(node)
    for (const name of readBy(node)) {
      const producer = producers.get(name)
      if (producer !== undefined) place(producer)
    }
    sorted.push(node)
  }
  for (const node of nodes) place(node)
  return sorted
}

/** The names of all values that depend on some others, themselves included. */
export function dependentOn(nodes: readonly Node[], names: Iterable<string>): Set<string> {
  const found = new Set(names)
  for (const node of nodes) {
    if (!readBy(node).some((name) => found.has(name))) continue
    for (const name of node.outputs) if (name !== '') found.add(name)
  }
  return found
}
