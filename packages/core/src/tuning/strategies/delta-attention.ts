import { cutTo } from '../../autodiff/index.ts'
import { builderOn, type Model } from '../../onnx/index.ts'
import type { Tensor } from '../../tensor/index.ts'
import type { StrategyContext } from '../strategy.ts'
import { asTrained, type FeatureMap } from './delta-layers.ts'

const MASK = 'channels kept'

/**
 * How much each channel of a feature map counts: `softmax(z / 5)`, `z` being how much the cross-entropy of the new head
 * grows when the channel is set to zero, standardised over the map's channels. (The paper has the softmax of the
 * increases themselves; the authors' code standardises them, so that the result does not depend on their scale.) The mean
 * over some rows; a pass from the map on for each channel.
 */
export async function channelAttention(
  context: StrategyContext,
  map: FeatureMap,
  rows: Int32Array,
  done: () => void,
): Promise<Float64Array> {
  const { runtime, network, input, inputs, labels, signal } = context
  const { front, rest } = parted(asTrained(network), map)
  const x = await inputs(rows, 0)
  const held = (await runtime.run(front, { [input]: x }))[map.value]!
  const feed = rest.graph.inputs.some(({ name }) => name === input) ? { [input]: x } : {}
  const target = rows.map((row) => labels[row]!)
  const lossWith = async (mask: Float32Array): Promise<number> => {
    const tensor: Tensor = { type: 'float32', dims: maskDims(map), data: mask }
    const { logits } = await runtime.run(rest, { ...feed, [map.value]: held, [MASK]: tensor })
    return crossEntropy(logits!, target)
  }
  const whole = await lossWith(new Float32Array(map.channels).fill(1))
  const increases = new Float64Array(map.channels)
  for (let channel = 0; channel < map.channels; channel++) {
    signal?.throwIfAborted()
    increases[channel] = (await lossWith(new Float32Array(map.channels).fill(1).fill(0, channel, channel + 1))) - whole
    done()
  }
  return attention(increases)
}

/** `softmax(z / 5)` of standardised numbers; all alike where they do not differ. */
export function attention(increases: Float64Array): Float64Array {
  const mean = increases.reduce((sum, each) => sum + each, 0) / increases.length
  const deviation = Math.sqrt(increases.reduce((sum, each) => sum + (each - mean) ** 2, 0) / increases.length)
  const weights = increases.map((each) => (deviation > 0 ? Math.exp((each - mean) / deviation / 5) : 1))
  const total = weights.reduce((sum, each) => sum + each, 0)
  return weights.map((each) => each / total)
}

const maskDims = ({ rank, axis, channels }: FeatureMap): number[] =>
  Array.from({ length: rank }, (_, i) => (i === axis ? channels : 1))

/** From the input to the map, and from the map, times a mask, to the logits. */
function parted(network: Model, map: FeatureMap): { front: Model; rest: Model } {
  const front = cutTo(network, [{ name: map.value, type: 'float32', dims: Array(map.rank).fill(null) }])
  const masked = `${map.value} masked`
  const { graph } = network
  const nodes = graph.nodes
    .filter(({ outputs }) => !outputs.includes(map.value))
    .map((node) => ({ ...node, inputs: node.inputs.map((name) => (name === map.value ? masked : name)) }))
  const builder = builderOn({ ...network, graph: { ...graph, nodes: [], outputs: [] } })
  builder.input(map.value, 'float32', Array(map.rank).fill(null))
  builder.input(MASK, 'float32', maskDims(map))
  const opened = builder.model()
  const mul = { op: 'Mul', domain: '', name: masked, inputs: [map.value, MASK], outputs: [masked], attributes: {} }
  const rest = cutTo({ ...opened, graph: { ...opened.graph, nodes: [mul, ...nodes] } }, [
    graph.outputs.find(({ name }) => name === 'logits')!,
  ])
  return { front, rest }
}

/** The mean of `−log softmax(z)_y`. */
function crossEntropy({ dims, data }: Tensor, labels: Int32Array): number {
  const [rows, classes] = dims as [number, number]
  const scores = data as Float32Array
  let sum = 0
  for (let i = 0; i < rows; i++) {
    const row = Array.from(scores.subarray(i * classes, (i + 1) * classes))
    const highest = Math.max(...row)
    sum += highest + Math.log(row.reduce((total, z) => total + Math.exp(z - highest), 0)) - row[labels[i]!]!
  }
  return sum / rows
}
