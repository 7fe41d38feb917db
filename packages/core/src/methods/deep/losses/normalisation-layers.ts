import { cutTo, readBy } from '../../../autodiff/index.ts'
import { InvalidInputError } from '../../../errors.ts'
import { builderOn, constantOf, describeNode, type Graph, intOf, type Model, type Node } from '../../../onnx/index.ts'
import type { Tensor } from '../../../tensor/index.ts'

/** The running statistics of a normalisation, `C` each, float32 or float64. */
export interface LayerStatistics {
  readonly mean: Tensor<'float32' | 'float64'>
  readonly variance: Tensor<'float32' | 'float64'>
}

/** A batch normalisation that uses its running statistics. */
export interface NormalisationLayer extends LayerStatistics {
  readonly node: Node
  /** How many normalisations lie before it on the longest way from the inputs. */
  readonly depth: number
}

/**
 * The batch normalisations of a graph in their order. Throws `InvalidInputError` where one has statistics that are
 * computed, or in another type than float32 and float64.
 */
export function normalisationLayers(graph: Graph): NormalisationLayer[] {
  const depths = new Map<string, number>()
  return graph.nodes.flatMap((node) => {
    const depth = Math.max(0, ...readBy(node).map((name) => depths.get(name) ?? 0))
    const found = node.op === 'BatchNormalization' && node.domain === '' && intOf(node, 'training_mode', 0) === 0
    for (const name of node.outputs) depths.set(name, found ? depth + 1 : depth)
    if (!found) return []
    return [{ node, depth, mean: statistics(graph, node, 3), variance: statistics(graph, node, 4) }]
  })
}

function statistics(graph: Graph, node: Node, position: number): Tensor<'float32' | 'float64'> {
  const name = node.inputs[position]!
  const found = stored(graph, name)
  if (found?.type === 'float32' || found?.type === 'float64') return found as Tensor<'float32' | 'float64'>
  const problem = found === undefined ? 'are not stored in the model' : `are ${found.type}, not float32 or float64`
  throw new InvalidInputError(
    `the running statistics "${name}" of ${describeNode(node)} ${problem}: export the model in float32, in inference mode`,
  )
}

/** What a value holds, be it an initialiser, a `Constant` or an `Identity` of either. */
function stored(graph: Graph, name: string): Tensor | undefined {
  const known = graph.initializers.get(name)
  if (known !== undefined) return known
  const node = graph.nodes.find(({ outputs }) => outputs.includes(name))
  if (node === undefined) return undefined
  return node.op === 'Identity' && node.domain === '' ? stored(graph, node.inputs[0]!) : constantOf(node)
}

/** Numbers in the types and shapes of statistics. */
export function otherStatistics(
  { mean, variance }: LayerStatistics,
  means: Float64Array,
  variances: Float64Array,
): LayerStatistics {
  const like = ({ type, dims }: LayerStatistics['mean'], data: Float64Array): LayerStatistics['mean'] =>
    type === 'float64' ? { type, dims, data } : { type: 'float32', dims, data: Float32Array.from(data) }
  return { mean: like(mean, means), variance: like(variance, variances) }
}

/** The model with other statistics in the layers that `normalisationLayers` found, under the names they had wherever nothing else reads them. */
export function withStatistics(
  model: Model,
  layers: readonly NormalisationLayer[],
  found: readonly LayerStatistics[],
): Model {
  const { graph } = model
  const readers = new Map<string, number>()
  for (const name of graph.nodes.flatMap(readBy)) readers.set(name, (readers.get(name) ?? 0) + 1)
  const initializers = new Map(graph.initializers)
  const builder = builderOn(model)
  const own = (name: string, value: Tensor): string => {
    if (readers.get(name) !== 1 || !graph.initializers.has(name)) {
      const stored = builder.constant(value, name)
      initializers.set(stored, value)
      return stored
    }
    initializers.set(name, value)
    return name
  }
  const places = new Map(layers.map(({ node }, i) => [node, found[i]!]))
  const nodes = graph.nodes.map((node): Node => {
    const statistics = places.get(node)
    if (statistics === undefined) return node
    const names = [own(node.inputs[3]!, statistics.mean), own(node.inputs[4]!, statistics.variance)]
    return { ...node, inputs: [...node.inputs.slice(0, 3), ...names] }
  })
  return cutTo({ ...model, graph: { ...graph, nodes, initializers } }, graph.outputs)
}
