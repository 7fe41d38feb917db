import type { Graph, Node } from '../../onnx/index.ts'

const RECURRENT = new Set(['GRU', 'LSTM', 'RNN'])

/** The graph with a name for the output Y of each of its recurrent nodes, which their gradients are made of. */
export function nameSequences(graph: Graph): Graph {
  const lacking = ({ op, domain, outputs }: Node) => RECURRENT.has(op) && domain === '' && (outputs[0] ?? '') === ''
  if (!graph.nodes.some(lacking)) return graph
  const taken = new Set([
    ...graph.initializers.keys(),
    ...graph.inputs.map(({ name }) => name),
    ...graph.nodes.flatMap(({ outputs }) => outputs),
  ])
  const nodes = graph.nodes.map((node) => {
    if (!lacking(node)) return node
    const hint = `${node.outputs.find((name) => name !== '') ?? node.op}/sequence`
    let name = hint
    for (let i = 1; taken.has(name); i++) name = `${hint}_${i}`
    taken.add(name)
    return { ...node, outputs: [name, ...node.outputs.slice(1)] }
  })
  return { ...graph, nodes }
}
