import { type Graph, type Node, uniqueNames } from '../../onnx/index.ts'

const RECURRENT = new Set(['GRU', 'LSTM', 'RNN'])

/** The graph with a name for the output Y of each of its recurrent nodes, which their gradients are made of. */
export function nameSequences(graph: Graph): Graph {
  const lacking = ({ op, domain, outputs }: Node) => RECURRENT.has(op) && domain === '' && (outputs[0] ?? '') === ''
  if (!graph.nodes.some(lacking)) return graph
  const fresh = uniqueNames(graph)
  const nodes = graph.nodes.map((node) => {
    if (!lacking(node)) return node
    const name = fresh(`${node.outputs.find((each) => each !== '') ?? node.op}/sequence`)
    return { ...node, outputs: [name, ...node.outputs.slice(1)] }
  })
  return { ...graph, nodes }
}
