import { parametersOf } from '../autodiff/index.ts'
import type { Node } from '../onnx/index.ts'
import { sizeOf } from '../tensor/index.ts'
import { blockNames } from './block-names.ts'
import { parameterUse, type Segment } from './cut-points.ts'
import { dependentOn } from './in-order.ts'
import type { OpenNetwork } from './open-batch.ts'

/** A layer, or a group of layers that can only be kept or replaced together. */
export interface Block {
  /** Unique in its network; from the names of its parameters and nodes where these say something, else `conv3`. */
  readonly name: string
  /** The operators that work on the data, each named once, in their order. */
  readonly operators: readonly string[]
  readonly parameters: readonly string[]
  /** Numbers in all of its parameters. */
  readonly parameterCount: number
  /** The value that it ends with: a place to cut. All that follows depends on this value alone. */
  readonly output: string
  /** The sizes of one row of `output`. */
  readonly dims: readonly number[]
}

/** Operators whose parameters shift and scale: what belongs to the layer before, though it holds parameters. */
const ELEMENTWISE = new Set([
  'Add',
  'BatchNormalization',
  'Concat',
  'Div',
  'GroupNormalization',
  'InstanceNormalization',
  'LayerNormalization',
  'Max',
  'Min',
  'Mul',
  'PRelu',
  'Pow',
  'RMSNormalization',
  'SimplifiedLayerNormalization',
  'SkipLayerNormalization',
  'Sub',
  'Sum',
  'Where',
])

/** Tells layers (convolutions, matrix products, embeddings, recurrences) from everything else. */
export function layersIn(network: OpenNetwork): (node: Node) => boolean {
  const { graph } = network.model
  const carrying = dependentOn(graph.nodes, [network.input.name])
  const use = parameterUse(graph, network.input.name, parametersOf(network.model))
  return (node) =>
    !ELEMENTWISE.has(node.op) && node.outputs.some((name) => carrying.has(name)) && use.of(node).length > 0
}

/**
 * Joins segments to blocks: each begins with a segment that holds a layer and goes on through those that hold none
 * (activation, normalisation, pooling, reshaping); what comes before the first layer belongs to the first block. Segments
 * without any parameter are no block.
 */
export function blocksOf(network: OpenNetwork, segments: readonly Segment[]): Block[] {
  const { graph } = network.model
  const parameters = parametersOf(network.model)
  const use = parameterUse(graph, network.input.name, parameters)
  const carrying = dependentOn(graph.nodes, [network.input.name])
  const isLayer = layersIn(network)
  const groups: { nodes: Node[]; output: string; layers: Node[] }[] = []
  for (const { nodes, output } of segments) {
    const layers = nodes.filter(isLayer)
    const last = groups.at(-1)
    if (last === undefined || (layers.length > 0 && last.layers.length > 0)) {
      groups.push({ nodes: [...nodes], output, layers })
      continue
    }
    last.nodes.push(...nodes)
    last.layers.push(...layers)
    last.output = output
  }
  const order = new Map(parameters.map((name, i) => [name, i]))
  const found = groups
    .map((group) => ({ ...group, parameters: [...new Set(group.nodes.flatMap(use.of))] }))
    .filter((group) => group.parameters.length > 0)
  const names = blockNames(found)
  return found.map(({ nodes, output, parameters: held }, i) => ({
    name: names[i]!,
    operators: [
      ...new Set(nodes.filter((node) => node.outputs.some((name) => carrying.has(name))).map(({ op }) => op)),
    ],
    parameters: held.toSorted((a, b) => order.get(a)! - order.get(b)!),
    parameterCount: held.reduce((sum, name) => sum + sizeOf(graph.initializers.get(name)!.dims), 0),
    output,
    dims: network.rows.get(output)?.dims ?? [],
  }))
}
