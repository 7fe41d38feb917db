import { InvalidInputError } from '../errors.ts'
import { describeNode, type Graph, int, type Model, type Node, type ValueInfo } from '../onnx/index.ts'
import { bothBranches, choiceInput } from './stochastic-normalisation.ts'

/** Running mean or variance of one normalisation: the initialiser's name, and that of its value after a step. */
export interface RunningStatistics {
  readonly before: string
  readonly after: string
}

/**
 * The model with those `BatchNormalization` nodes in training mode whose scale or bias is among `trained`: each batch is
 * normalised by its own statistics, and the running ones move towards them,
 * `running ← momentum · running + (1 − momentum) · batch`, with the batch's population variance, as ONNX has it (PyTorch
 * takes the sample variance here). A normalisation that is used twice, as in a siamese network, keeps what its last use
 * leaves. Where `stochastic`, an input of the graph says for each channel whether it is normalised by the batch's or by
 * the running statistics (see `bothBranches`). The model must be at opset 18 or above. Throws `InvalidInputError` where the
 * running statistics are not stored in the model, or serve something else too.
 */
export function withBatchStatistics(
  model: Model,
  trained: ReadonlySet<string>,
  { stochastic = false }: { readonly stochastic?: boolean } = {},
): { model: Model; statistics: readonly RunningStatistics[] } {
  const { graph } = model
  const after = new Map<string, string>()
  const choices: ValueInfo[] = []
  const nodes = graph.nodes.flatMap((node): Node[] => {
    if (!isNormalisation(node) || !node.inputs.slice(1, 3).some((name) => trained.has(name))) return [node]
    const running = node.inputs.slice(3, 5)
    for (const name of running) checkOwn(graph, node, name)
    const outputs = running.map((name) => `running/${name}/${node.outputs[0]}`)
    for (const [i, name] of running.entries()) after.set(name, outputs[i]!)
    const byBatch = {
      ...node,
      outputs: [node.outputs[0]!, ...outputs],
      attributes: { ...node.attributes, training_mode: int(1) },
    }
    if (!stochastic) return [byBatch]
    choices.push(choiceInput(node, graph.initializers.get(running[0]!)!))
    return bothBranches(node, byBatch)
  })
  return {
    model: { ...model, graph: { ...graph, nodes, inputs: [...graph.inputs, ...choices] } },
    statistics: [...after].map(([before, name]) => ({ before, after: name })),
  }
}

const isNormalisation = ({ op, domain }: Node): boolean => op === 'BatchNormalization' && domain === ''

/** Exporters store equal tensors once: a mean that two layers share would be moved by both. */
function checkOwn(graph: Graph, node: Node, name: string): void {
  const other = graph.nodes.find((reader) =>
    reader.inputs.some((input, i) => input === name && !isSameLayer(node, reader, i)),
  )
  const problem = !graph.initializers.has(name)
    ? 'is not stored in the model'
    : other === undefined
      ? undefined
      : `serves ${describeNode(other)} too`
  if (problem === undefined) return
  throw new InvalidInputError(
    `the running statistics "${name}" of ${describeNode(node)} ${problem}, so they cannot be updated: export the model with statistics of its own for each normalisation, or train with batchNormalisation 'fixed'`,
  )
}

/** Whether `reader` is the normalisation itself, or another use of it, and reads statistics at this position. */
const isSameLayer = (node: Node, reader: Node, position: number): boolean =>
  isNormalisation(reader) &&
  node.inputs[position] === reader.inputs[position] &&
  sameScale(node, reader) &&
  position >= 3

const sameScale = (a: Node, b: Node): boolean => a.inputs[1] === b.inputs[1] && a.inputs[2] === b.inputs[2]
