import type { Node } from '../onnx/index.ts'
import { layersIn } from './blocks.ts'
import { type Segment, segmentsTo } from './cut-points.ts'
import { dependentOn } from './in-order.ts'
import type { OpenNetwork } from './open-batch.ts'

/** Names of outputs that are features. */
const FEATURES = /^(features?|embeddings?|pooler_output|pooled_output|image_embeds|sentence_embedding)$/i

/** Names of outputs that are a classifier's. */
const CLASSES = /logit|prob|softmax|class|score|pred/i

/** The numbers of classes that ImageNet's networks have, with and without one for the background, and for all of it. */
const IMAGENET = new Set([1000, 1001, 21841, 21843])

/**
 * The value to put a new head on: the output that is named as features where there is one; else what the final classifier
 * reads, a Gemm or MatMul of a vector per row, or a convolution of 1 × 1 that is pooled over (before which features keep
 * their height and width); else, where the model ends with something else, its first output.
 */
export function featureValue(network: OpenNetwork): string {
  const { outputs } = network.model.graph
  const usable = outputs.filter(({ name }) => network.rows.get(name)?.type === 'float32')
  const named = usable.find(({ name }) => FEATURES.test(name))
  if (named !== undefined) return named.name
  const target = usable[0] ?? outputs[0]!
  const segments = segmentsTo(network, target.name)
  const isLayer = layersIn(network)
  const last = segments.findLastIndex(({ nodes }) => nodes.some(isLayer))
  const before = segments[last - 1]
  return before !== undefined && isClassifier(network, segments.slice(last), isLayer, target.name)
    ? before.output
    : target.name
}

/** Whether the last layer, and what follows it, gives scores of classes from features. */
function isClassifier(
  network: OpenNetwork,
  [segment, ...after]: readonly Segment[],
  isLayer: (node: Node) => boolean,
  target: string,
): boolean {
  const layers = segment!.nodes.filter(isLayer)
  if (areChained(segment!.nodes, layers)) return false
  const dims = network.rows.get(target)?.dims
  if (dims === undefined || dims.filter((size) => size > 1).length > 1) return false
  const [first] = layers
  if (layers.every(({ op }) => op === 'Gemm' || op === 'MatMul')) {
    return layers.every(({ outputs }) => network.rows.get(outputs[0]!)?.dims.length === 1)
  }
  if (layers.length !== 1 || first!.op !== 'Conv') return false
  const [, ...size] = network.rows.get(first!.outputs[0]!)?.dims ?? []
  const softmax = [segment!, ...after].some(({ nodes }) => nodes.some(({ op }) => op === 'Softmax'))
  return size.every((each) => each === 1) || softmax || CLASSES.test(target) || IMAGENET.has(dims[0]!)
}

/** Whether one of some layers reads what another gives. */
const areChained = (nodes: readonly Node[], layers: readonly Node[]): boolean =>
  layers.some((layer) => {
    const following = dependentOn(nodes, layer.outputs)
    return layers.some((other) => other !== layer && other.outputs.some((name) => following.has(name)))
  })
