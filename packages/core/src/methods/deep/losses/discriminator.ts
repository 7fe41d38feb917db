import { stopGradient } from '../../../autodiff/index.ts'
import { type GraphBuilder, int, type Value } from '../../../onnx/index.ts'
import { type Random, sizeOf } from '../../../tensor/index.ts'
import { integers } from './graph-values.ts'

export interface DiscriminatorOptions {
  /** The length `d` of a row of features. */
  readonly width: number
  /** Units of each hidden layer; default two of 1024, as in Ganin 2016 and Long 2018. */
  readonly hidden?: readonly number[]
  /** Draws the starting weights: uniform in ±1/√(inputs of a unit), biases alike. */
  readonly random: Random
  /** What its parameters' names begin with; default `discriminator`. Two in one graph need two names. */
  readonly name?: string
}

/**
 * Scores rows of features (`N × d`): `N` logarithms of the odds that a row is of the source. `fixed`: no gradient reaches
 * the discriminator's own weights.
 */
export type Discriminator = (features: Value, options?: { readonly fixed?: boolean }) => Value

/**
 * A perceptron of rectified units that tells the domains apart. Its weights are stored in the graph at once, as
 * `NAME.fc1.weight`, `NAME.fc1.bias`, …, and shared by all calls; training learns them if they are there before the losses
 * are added.
 */
export function discriminator(graph: GraphBuilder, options: DiscriminatorOptions): Discriminator {
  const { width, hidden = [1024, 1024], random, name = 'discriminator' } = options
  const sizes = [width, ...hidden, 1]
  const layers = sizes.slice(1).map((outputs, i): [Value, Value] => {
    const layer = `${name}.fc${i + 1}`
    const inputs = sizes[i]!
    const stream = random.fork(layer)
    const parameter = (part: string, dims: readonly number[]) => {
      const data = Float32Array.from({ length: sizeOf(dims) }, () => (2 * stream.uniform() - 1) / Math.sqrt(inputs))
      return graph.constant({ type: 'float32', dims, data }, `${layer}.${part}`)
    }
    return [parameter('weight', [outputs, inputs]), parameter('bias', [outputs])]
  })
  return (features, { fixed = false } = {}) => {
    let x = features
    for (const [i, parameters] of layers.entries()) {
      const weights = fixed ? parameters.map((parameter) => stopGradient(graph, parameter)) : parameters
      x = graph.node('Gemm', [x, ...weights], { transB: int(1) })
      if (i + 1 < layers.length) x = graph.node('Relu', [x])
    }
    return graph.node('Squeeze', [x, integers(graph, [1])])
  }
}
