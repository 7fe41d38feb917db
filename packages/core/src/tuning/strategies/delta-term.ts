import { cutTo } from '../../autodiff/index.ts'
import { type GraphBuilder, int, type Model, renameValues, type Value } from '../../onnx/index.ts'
import { integerTensor, scalarOf } from '../../tensor/index.ts'
import type { LossTerm } from '../../training/index.ts'
import type { FeatureMap } from './delta-layers.ts'
import { sumOf } from './l2-sp-penalty.ts'

/** A feature map and a factor for each of its channels; the factors' mean is 1 where all count alike. */
export interface WeightedMap extends FeatureMap {
  readonly factors: Float64Array
}

/**
 * `½ Σ_maps Σ_c a_c mean (S_c − T_c)²`, the mean over rows and places of the squared difference of what the network gives
 * now and what `pretrained` gives of the same input. A copy of `pretrained` becomes part of the step, where nothing trains
 * it.
 */
export const behaviour = (weight: number, pretrained: Model, maps: readonly WeightedMap[]): LossTerm => ({
  name: 'behaviour',
  weight,
  build(graph) {
    const teacher = copied(
      graph,
      cutTo(
        pretrained,
        maps.map(({ value: name }) => ({ name })),
      ),
    )
    const parts = maps.map(({ value, axis, rank, channels, factors }) => {
      const away = graph.node('Sub', [value, teacher(value)])
      const others = Array.from({ length: rank }, (_, i) => i).filter((i) => i !== axis)
      const squares = graph.node('ReduceMean', [graph.node('Mul', [away, away]), integers(graph, others)], NO_AXES)
      const scale = graph.constant({ type: 'float32', dims: [channels], data: Float32Array.from(factors) })
      return graph.node('ReduceSum', [graph.node('Mul', [squares, scale])], NO_AXES)
    })
    return graph.node('Mul', [sumOf(graph, parts), graph.constant(scalarOf(0.5, 'float32'))])
  },
})

const NO_AXES = { keepdims: int(0) }
const integers = (graph: GraphBuilder, values: readonly number[]): Value => graph.constant(integerTensor(values))

/** Appends a model's nodes and numbers under other names; inputs are those of the graph. Gives the new name of a value. */
function copied(graph: GraphBuilder, { graph: other }: Model): (name: string) => Value {
  const names = new Map<string, Value>([...other.initializers].map(([name, tensor]) => [name, graph.constant(tensor)]))
  const nameOf = (name: string) => names.get(name) ?? name
  for (const node of other.nodes) {
    const { op, domain, inputs, attributes } = renameValues({ ...node, outputs: [] }, nameOf)
    const outputs = node.outputs.slice(0, node.outputs.findLastIndex((name) => name !== '') + 1)
    const given = graph.nodes(op, outputs.length, inputs, attributes, domain)
    for (const [i, name] of outputs.entries()) names.set(name, given[i]!)
  }
  return nameOf
}
