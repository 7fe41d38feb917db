import { cutTo, exposeParameters, specialise } from '../../autodiff/index.ts'
import { type Model, type Node, upgradeModel } from '../../onnx/index.ts'
import type { StrategyContext } from '../strategy.ts'

/** What a block gives, as it is compared between two networks. */
export interface FeatureMap {
  /** The value's name in the network at opset 18 or above, as training has it. */
  readonly value: string
  /** The axis of its channels, of `rank`. */
  readonly axis: number
  readonly rank: number
  readonly channels: number
  /** Numbers of a channel in one row. */
  readonly places: number
}

/** The network as the step of training has it: values that losses name keep their names. */
export const asTrained = (network: Model): Model => upgradeModel(exposeParameters(network))

/**
 * The outputs of `count` blocks, evenly spread and with the last: of each the last value on the way to `embedding` and `logits` that
 * depends on its parameters and on none of a later block, before any pooling to one place where there is such a value.
 */
export async function featureMaps(context: StrategyContext, count: number): Promise<FeatureMap[]> {
  const { runtime, network, input, inputs, blocks } = context
  const trained = asTrained(network)
  const whole = cutTo(trained, [{ name: 'embedding' }])
  const used = new Set(cutTo(trained, [{ name: 'logits' }]).graph.nodes.flatMap(({ outputs }) => outputs))
  const shapes = await specialise(
    runtime,
    whole,
    { [input]: await inputs(Int32Array.of(0, 0), 0) },
    new Set(blocks.flat()),
  )
  const levels = levelsOf(whole.graph.nodes, input, blocks).filter(({ name }) => used.has(name))
  const wanted = Math.min(count, blocks.length)
  return Array.from({ length: wanted }, (_, i) => {
    const level = Math.round(((i + 1) * blocks.length) / wanted) - 1
    const values = levels.flatMap(({ name, level: own }) => (own === level ? [name] : []))
    const maps = values.map((value) => featureMap(value, shapes.valueOf(value).dims))
    const placed = maps.filter(({ places }) => places > 1)
    return (placed.length > 0 ? placed : maps).at(-1)!
  })
}

/** Convolutions give channels first, matrix products last. */
function featureMap(value: string, dims: readonly number[]): FeatureMap {
  const rank = dims.length
  const axis = rank === 3 ? 2 : 1
  const places = dims.slice(1).reduce((product, dim) => product * dim, 1) / dims[axis]!
  return { value, axis, rank, channels: dims[axis]!, places }
}

/** For each value that depends on the input, in order: the last block that it depends on, −1 for none. */
function levelsOf(nodes: readonly Node[], input: string, blocks: readonly (readonly string[])[]) {
  const levels = new Map(blocks.flatMap((names, level) => names.map((name): [string, number] => [name, level])))
  const carrying = new Set([input])
  return nodes.flatMap((node) => {
    const level = Math.max(-1, ...node.inputs.map((name) => levels.get(name) ?? -1))
    const carries = node.inputs.some((name) => carrying.has(name))
    return node.outputs.flatMap((name) => {
      levels.set(name, level)
      if (!carries || name === '') return []
      carrying.add(name)
      return [{ name, level }]
    })
  })
}
