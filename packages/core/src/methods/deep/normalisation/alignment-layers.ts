import { stopGradient } from '../../../autodiff/index.ts'
import { builderOn, floatOf, type GraphBuilder, int, type Model, type Node, type Value } from '../../../onnx/index.ts'
import { integers, meanOver } from '../losses/graph-values.ts'
import { mixedNormalisation } from '../losses/mixed-normalisation.ts'
import type { NormalisationLayer } from '../losses/normalisation-layers.ts'
import type { BatchLayout } from '../trainer/batch-layout.ts'

/** What the mixing of a normalisation is called. */
export const mixingOf = ({ inputs }: Node): string => `${inputs[1]}/alpha`

/**
 * The model with a domain alignment layer in place of each normalisation: source and target rows of a batch are normalised
 * by mixtures of both statistics, with a mixing α of its own that starts at `start`. Values keep their names.
 */
export function withAlignmentLayers(
  model: Model,
  layers: readonly NormalisationLayer[],
  layout: Pick<BatchLayout, 'source' | 'rows'>,
  start: number,
): Model {
  const graph = builderOn(model)
  const parts = new Map<Node, readonly Node[]>()
  let count = model.graph.nodes.length
  for (const { node } of layers) {
    const alpha = graph.constant({ type: 'float32', dims: [1], data: Float32Array.of(start) }, mixingOf(node))
    const result = aligned(graph, node, alpha, layout)
    const nodes = graph.model().graph.nodes
    parts.set(
      node,
      nodes.slice(count).map((part) => (part.outputs[0] === result ? { ...part, outputs: [node.outputs[0]!] } : part)),
    )
    count = nodes.length
  }
  const made = graph.model()
  return { ...made, graph: { ...made.graph, nodes: model.graph.nodes.flatMap((node) => parts.get(node) ?? [node]) } }
}

/** What a normalisation gives as an alignment layer, of rows of any rank. */
function aligned(
  graph: GraphBuilder,
  node: Node,
  alpha: Value,
  { source, rows }: Pick<BatchLayout, 'source' | 'rows'>,
): Value {
  const [x, scale, shift, mean, variance] = node.inputs as [Value, Value, Value, Value, Value]
  const flat = graph.node('Reshape', [x, integers(graph, [0, 0, -1])])
  const part = (from: number, to: number) =>
    graph.node('Slice', [flat, ...[from, to, 0].map((at) => integers(graph, [at]))])
  const mixed = mixedNormalisation(graph, part(0, source.to), part(source.to, rows), alpha, {
    axes: [0, 2],
    epsilon: floatOf(node, 'epsilon', 1e-5),
  })
  // Two rows that have the target's statistics go through the normalisation itself, which so keeps their running average;
  // the mean of what it makes of them is its shift.
  const spread = graph.node('Sqrt', [mixed.targetVariance])
  const ends = ['Sub', 'Add'].map((op) =>
    graph.node('Unsqueeze', [graph.node(op, [mixed.targetMean, spread]), integers(graph, [0])]),
  )
  const both = stopGradient(graph, graph.node('Concat', ends, { axis: int(0) }))
  const kept = graph.node('BatchNormalization', [both, scale, shift, mean, variance], node.attributes)
  const column = (value: Value) => graph.node('Reshape', [value, integers(graph, [-1, 1])])
  const scaled = graph.node('Mul', [
    graph.node('Concat', [mixed.source, mixed.target], { axis: int(0) }),
    column(scale),
  ])
  const shifted = graph.node('Add', [scaled, column(meanOver(graph, kept, [0]))])
  return graph.node('Reshape', [shifted, graph.node('Shape', [x])])
}
