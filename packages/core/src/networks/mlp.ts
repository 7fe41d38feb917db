import { graphBuilder, type Model } from '../onnx/index.ts'
import type { Random } from '../tensor/index.ts'
import { freshLayers, type Initialisation } from './fresh-layers.ts'

export interface MlpOptions {
  readonly inputs: number
  /** Units of each layer between the input and the output. */
  readonly hidden: readonly number[]
  readonly classes: number
  /** Draws the starting weights. */
  readonly random: Random
  readonly initialisation?: Initialisation
  /** Whether batch normalisation follows each hidden layer. Default false. */
  readonly normalised?: boolean
}

/**
 * A multilayer perceptron of rectified units: dense layers `fc1`, `fc2`, …, the last one to the classes. Takes `x`, `N ×
 * inputs`, and gives `logits`, `N × classes`.
 */
export function mlp(options: MlpOptions): Model {
  const { inputs, hidden, classes, random, initialisation = 'torch', normalised = false } = options
  const graph = graphBuilder('mlp')
  const layers = freshLayers(graph, random, initialisation)
  let x = graph.input('x', 'float32', ['N', inputs])
  let width = inputs
  hidden.forEach((units, i) => {
    const name = `fc${i + 1}`
    const y = layers.dense(name, x, width, units)
    x = layers.relu(normalised ? layers.normalise(`${name}.norm`, y, units) : y)
    width = units
  })
  graph.output('logits', layers.dense(`fc${hidden.length + 1}`, x, width, classes), 'float32', ['N', classes])
  return graph.model()
}
