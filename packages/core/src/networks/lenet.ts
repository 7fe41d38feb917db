import { InvalidInputError } from '../errors.ts'
import { graphBuilder, type Model, type Value } from '../onnx/index.ts'
import type { Random } from '../tensor/index.ts'
import { freshLayers, type Initialisation } from './fresh-layers.ts'

/** What the small convolutional networks are built for. */
export interface ImageNetworkOptions {
  /** Channels of an image: 1 for grey, 3 for colour. */
  readonly channels: number
  /** Pixels of its side. */
  readonly size: number
  readonly classes: number
  /** Draws the starting weights. */
  readonly random: Random
  readonly initialisation?: Initialisation
}

export interface LenetOptions extends ImageNetworkOptions {
  /** Filters of the first convolution; default 6. The other layers keep LeNet-5's proportions to it. */
  readonly width?: number
  /** Whether batch normalisation follows each convolution and each hidden dense layer. Default false. */
  readonly normalised?: boolean
}

/**
 * LeNet-5 (LeCun et al. 1998) with rectified units and maximum pooling: convolutions `conv1` (6 filters of 5 × 5, padded by
 * 2) and `conv2` (16), each with pooling, and dense layers `fc1` (120), `fc2` (84) and `fc3` (classes). `conv2` is padded
 * too where images are smaller than 28 × 28. Takes `x`, `N × channels × size × size`, and gives `logits`, `N × classes`.
 * Throws `InvalidInputError` for images below 4 × 4.
 */
export function lenet(options: LenetOptions): Model {
  const { channels, size, classes, random, width = 6, initialisation = 'torch', normalised = false } = options
  checkImages(size, 4)
  const [second, third, fourth] = [16, 120, 84].map((units) => Math.round((units * width) / 6)) as [
    number,
    number,
    number,
  ]
  const graph = graphBuilder('lenet')
  const layers = freshLayers(graph, random, initialisation)
  const x = graph.input('x', 'float32', ['N', channels, size, size])
  const conv1 = layers.convolution('conv1', x, { channels, filters: width, kernel: 5, padding: 2, normalised })
  const half = Math.floor(size / 2)
  const padding = size < 28 ? 2 : 0
  const sizes = { channels: width, filters: second, kernel: 5, padding, normalised }
  const conv2 = layers.convolution('conv2', layers.pool(conv1), sizes)
  const side = Math.floor((half - 4 + 2 * padding) / 2)
  const flat = layers.flatten(layers.pool(conv2))
  const hidden = (name: string, x: Value, inputs: number, units: number) => {
    const y = layers.dense(name, x, inputs, units)
    return layers.relu(normalised ? layers.normalise(`${name}.norm`, y, units) : y)
  }
  const fc1 = hidden('fc1', flat, second * side * side, third)
  const fc2 = hidden('fc2', fc1, third, fourth)
  graph.output('logits', layers.dense('fc3', fc2, fourth, classes), 'float32', ['N', classes])
  return graph.model()
}

/** Throws `InvalidInputError` for images that a network's poolings leave nothing of. */
export function checkImages(size: number, least: number): void {
  if (Number.isInteger(size) && size >= least) return
  throw new InvalidInputError(`the network needs images of at least ${least} × ${least} pixels, got ${size} × ${size}`)
}
