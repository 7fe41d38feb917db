import type { Node } from '../onnx/index.ts'
import { sizeOf } from '../tensor/index.ts'
import { blockNames } from './block-names.ts'
import { parameterUse, type Segment } from './cut-points.ts'
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

/** Operators that shift, scale or put beside: what belongs to the layer before, though it holds parameters. */
const BESIDE_LAYERS = new Set([
  'Add',
  'BatchNormalization',
  'Concat',
  'Div',
  'Expand',
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
  const works = worksOnData(network)
  const parametersOf = parameterUse(network)
  return (node) => !BESIDE_LAYERS.has(node.op) && works(node) && parametersOf(node).length > 0
}

/** Tells the nodes that give numbers of each row from those that work with shapes. */
function worksOnData({ model: { graph } }: OpenNetwork): (node: Node) => boolean {
  const open = [...graph.values, ...graph.outputs].filter(
    ({ type, dims }) => type?.startsWith('float') === true && dims?.some((size) => typeof size !== 'number'),
  )
  const names = new Set(open.map(({ name }) => name))
  return ({ op, outputs }) => op !== 'Identity' && outputs.some((name) => names.has(name))
}

/**
 * Joins segments to blocks: each begins with a segment that holds a layer and goes on through those that hold none
 * (activation, normalisation, pooling, reshaping); what comes before the first layer belongs to the first block. Segments
 * without any parameter are no block.
 */
export function blocksOf(network: OpenNetwork, segments: readonly Segment[]): Block[] {
  const { graph } = network.model
  const parametersOf = parameterUse(network)
  const isLayer = layersIn(network)
  const works = worksOnData(network)
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
  const order = new Map(network.parameters.map((name, i) => [name, i]))
  const found = groups
    .map((group) => ({ ...group, parameters: [...new Set(group.nodes.flatMap(parametersOf))] }))
    .filter(({ parameters }) => parameters.length > 0)
  const names = blockNames(
    found.map((group) => ({ ...group, weights: [...new Set(group.layers.flatMap(parametersOf))] })),
  )
  return found.map(({ nodes, output, parameters }, i) => ({
    name: names[i]!,
    operators: [...new Set(nodes.filter(works).map(({ op }) => op))],
    parameters: parameters.toSorted((a, b) => order.get(a)! - order.get(b)!),
    parameterCount: parameters.reduce((sum, name) => sum + sizeOf(graph.initializers.get(name)!.dims), 0),
    output,
    dims: network.rows.get(output)?.dims ?? [],
  }))
}
