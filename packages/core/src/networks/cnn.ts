import { InvalidInputError } from '../errors.ts'
import { graphBuilder, type Model } from '../onnx/index.ts'
import { freshLayers } from './fresh-layers.ts'
import { checkImages, type ImageNetworkOptions } from './lenet.ts'

export interface CnnOptions extends ImageNetworkOptions {
  /** Filters of each convolution, stage by stage; default `[[8, 8], [16, 16]]`. Every stage ends with pooling. */
  readonly stages?: readonly (readonly number[])[]
  /** Units of the dense layer before the last; default 64. */
  readonly hidden?: number
}

/**
 * A small network of stacked 3 × 3 convolutions in the manner of Simonyan and Zisserman (2015): `conv1`, `conv2`, … through
 * all stages, then dense layers `fc1` and `fc2`; by default six layers with parameters, which start as `he` says. Takes `x`,
 * `N × channels × size × size`, and gives `logits`, `N × classes`. Throws `InvalidInputError` where the stages halve the
 * images to nothing.
 */
export function cnn(options: CnnOptions): Model {
  const { channels, size, classes, random, initialisation = 'he', hidden = 64 } = options
  const {
    stages = [
      [8, 8],
      [16, 16],
    ],
  } = options
  if (stages.length === 0 || stages.some((stage) => stage.length === 0)) {
    throw new InvalidInputError('the network needs one stage or more, each with one convolution or more')
  }
  checkImages(size, 2 ** stages.length)
  const graph = graphBuilder('cnn')
  const layers = freshLayers(graph, random, initialisation)
  let x = graph.input('x', 'float32', ['N', channels, size, size])
  let [from, side, count] = [channels, size, 0]
  for (const stage of stages) {
    for (const filters of stage) {
      count += 1
      x = layers.convolution(`conv${count}`, x, { channels: from, filters, kernel: 3, padding: 1 })
      from = filters
    }
    x = layers.pool(x)
    side = Math.floor(side / 2)
  }
  const fc1 = layers.relu(layers.dense('fc1', layers.flatten(x), from * side * side, hidden))
  graph.output('logits', layers.dense('fc2', fc1, hidden, classes), 'float32', ['N', classes])
  return graph.model()
}
