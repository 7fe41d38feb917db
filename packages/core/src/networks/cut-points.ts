import { ancestors, readBy } from '../autodiff/index.ts'
import type { Node } from '../onnx/index.ts'
import { dependentOn } from './in-order.ts'
import type { OpenNetwork } from './open-batch.ts'

/** What lies between two successive places to cut: the nodes that compute `output` from the cut before it. */
export interface Segment {
  readonly nodes: readonly Node[]
  readonly output: string
}

/**
 * The path from the input to `target` as segments, first to last. Each ends at a value that everything on the way to the
 * target passes through (a dominator of the target in the graph of what depends on the input), that is float32 and has
 * the batch as its first dimension; the target itself ends the last one, whatever it is.
 */
export function segmentsTo({ model: { graph }, input, rows }: OpenNetwork, target: string): Segment[] {
  const carrying = dependentOn(graph.nodes, [input.name])
  const needed = ancestors(graph.nodes, [target])
  const lastRead = lastReaders(needed, target)
  const segments: Segment[] = []
  const live = new Set([input.name])
  let nodes: Node[] = []
  for (const [i, node] of needed.entries()) {
    nodes.push(node)
    for (const name of node.outputs) if (carrying.has(name) && (lastRead.get(name) ?? -1) > i) live.add(name)
    for (const name of live) if (lastRead.get(name)! <= i) live.delete(name)
    const [only, ...others] = live
    if (only === undefined || others.length > 0 || !node.outputs.includes(only)) continue
    if (only !== target && rows.get(only)?.type !== 'float32') continue
    segments.push({ nodes, output: only })
    nodes = []
  }
  return segments
}

/** The place of the last node that reads each value; the target is read beyond the end. */
function lastReaders(nodes: readonly Node[], target: string): Map<string, number> {
  const last = new Map<string, number>()
  for (const [i, node] of nodes.entries()) for (const name of readBy(node)) last.set(name, i)
  return last.set(target, nodes.length)
}

/** Tells which parameters a node reads, directly or worked over (transposed, reshaped) by nodes that the batch does not reach. */
export function parameterUse({ model: { graph }, input, parameters }: OpenNetwork): (node: Node) => readonly string[] {
  const carrying = dependentOn(graph.nodes, [input.name])
  const sources = new Map<string, readonly string[]>(parameters.map((name) => [name, [name]]))
  const read = (node: Node) => [...new Set(readBy(node).flatMap((name) => sources.get(name) ?? []))]
  for (const node of graph.nodes) {
    const found = read(node)
    if (found.length === 0) continue
    for (const name of node.outputs) if (!carrying.has(name)) sources.set(name, found)
  }
  return read
}
