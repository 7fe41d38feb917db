import type { Graph, Node } from '../onnx/index.ts'

/**
 * The nodes that lie between some values and another: those that `from` reaches and that reach `to`, in the graph's
 * order. The gradient passes these alone.
 */
export function nodesBetween(graph: Graph, from: ReadonlySet<string>, to: string): Node[] {
  const reached = new Set(from)
  const forward = graph.nodes.filter((node) => {
    const follows = readBy(node).some((name) => reached.has(name))
    if (follows) for (const name of node.outputs) reached.add(name)
    return follows
  })
  return ancestors(forward, [to])
}

/** Those of `nodes` that `wanted` values are computed by, in the order of `nodes`. */
export function ancestors(nodes: readonly Node[], wanted: Iterable<string>): Node[] {
  const needed = new Set(wanted)
  const kept: Node[] = []
  for (const node of [...nodes].reverse()) {
    if (!node.outputs.some((name) => name !== '' && needed.has(name))) continue
    kept.push(node)
    for (const name of readBy(node)) needed.add(name)
  }
  return kept.reverse()
}

/** What a node reads, its subgraphs included. */
export function readBy(node: Node): string[] {
  const inside = Object.values(node.attributes).flatMap((attribute) =>
    attribute.type === 'graph'
      ? [...attribute.value.nodes.flatMap(readBy), ...attribute.value.outputs.map(({ name }) => name)]
      : [],
  )
  return [...node.inputs.filter((name) => name !== ''), ...inside]
}
