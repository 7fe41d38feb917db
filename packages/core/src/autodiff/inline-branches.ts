import { type Graph, type Node, renameValues, uniqueNames, valuesIn } from '../onnx/index.ts'
import type { Tensor } from '../tensor/index.ts'

/**
 * The graph with each `If` whose condition is known replaced by the nodes of the branch that it takes, and the `If`s in
 * that branch likewise. Exporters choose by shapes in this way. `known` gives the numbers of a value that no run
 * changes. What the branch computes gets names that nothing else has; the graph's own names stay.
 */
export function inlineBranches(graph: Graph, known: (name: string) => Tensor | undefined): Graph {
  if (!graph.nodes.some((node) => takenBranch(node, known) !== undefined)) return graph
  const fresh = uniqueNames(graph)
  const initializers = new Map(graph.initializers)
  const inlined = (node: Node): Node[] => {
    const branch = takenBranch(node, known)
    if (branch === undefined) return [node]
    const hint = fresh(node.name === '' ? node.op : node.name)
    const names = new Map(valuesIn(branch).map((name) => [name, fresh(`${hint}/${name}`)]))
    const nameOf = (name: string) => names.get(name) ?? name
    for (const [name, tensor] of branch.initializers) initializers.set(nameOf(name), tensor)
    const nodes = branch.nodes.map((each) => ({
      ...renameValues(each, nameOf),
      name: fresh(`${hint}/${each.name === '' ? each.op : each.name}`),
    }))
    const results = node.outputs.flatMap((output, i): Node[] => {
      if (output === '') return []
      const name = fresh(`${hint}/Identity`)
      const from = nameOf(branch.outputs[i]!.name)
      return [{ op: 'Identity', domain: '', name, inputs: [from], outputs: [output], attributes: {} }]
    })
    return [...nodes.flatMap(inlined), ...results]
  }
  return { ...graph, nodes: graph.nodes.flatMap(inlined), initializers }
}

function takenBranch(node: Node, known: (name: string) => Tensor | undefined): Graph | undefined {
  if (node.op !== 'If' || node.domain !== '') return undefined
  const condition = known(node.inputs[0] ?? '')
  if (condition === undefined) return undefined
  const branch = node.attributes[Number(condition.data[0]) === 0 ? 'else_branch' : 'then_branch']
  return branch?.type === 'graph' ? branch.value : undefined
}
