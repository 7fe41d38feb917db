import { int, type Model, type Node } from '../onnx/index.ts'

/** Running mean and variance of one normalisation: the initialisers' names, and those of their values after a step. */
export interface RunningStatistics {
  readonly before: string
  readonly after: string
}

/**
 * The model with its `BatchNormalization` nodes in training mode: each batch is normalised by its own statistics, and
 * the running ones move towards them, `running ← momentum · running + (1 − momentum) · batch`. Nodes whose running
 * statistics are no initialisers stay as they are. The model must be at opset 18 or above.
 */
export function withBatchStatistics(model: Model): { model: Model; statistics: readonly RunningStatistics[] } {
  const { graph } = model
  const statistics: RunningStatistics[] = []
  const seen = new Set<string>()
  const nodes = graph.nodes.map((node): Node => {
    const [mean, variance] = [node.inputs[3] ?? '', node.inputs[4] ?? '']
    if (node.op !== 'BatchNormalization' || node.domain !== '') return node
    if (!graph.initializers.has(mean) || !graph.initializers.has(variance)) return node
    const after = [mean, variance].map((name) => `running/${name}${seen.has(name) ? `/${node.outputs[0]}` : ''}`)
    // A normalisation used twice, as in a siamese network, keeps what its last use leaves.
    for (const [i, name] of [mean, variance].entries()) {
      seen.add(name)
      const found = statistics.findIndex(({ before }) => before === name)
      if (found >= 0) statistics.splice(found, 1)
      statistics.push({ before: name, after: after[i]! })
    }
    return {
      ...node,
      outputs: [node.outputs[0]!, ...after],
      attributes: { ...node.attributes, training_mode: int(1) },
    }
  })
  return { model: { ...model, graph: { ...graph, nodes } }, statistics }
}
