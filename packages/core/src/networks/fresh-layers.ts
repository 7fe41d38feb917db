import { float, type GraphBuilder, int, ints, type Value } from '../onnx/index.ts'
import { type Random, sizeOf } from '../tensor/index.ts'

/**
 * How weights start, `f` being the inputs of one unit: `torch`, uniform in ±1/√f, weights and biases alike, as PyTorch's
 * convolutions and dense layers do; `he`, weights uniform in ±√(6/f) and biases 0, which keeps the variance through layers
 * of rectified units (He et al. 2015).
 */
export type Initialisation = 'torch' | 'he'

/** Appends fresh layers to a graph, with parameters `NAME.weight` and `NAME.bias`. */
export interface FreshLayers {
  /** A square convolution of stride 1 and its positive part: `N × channels × h × w` to `N × filters × h' × w'`. */
  convolution(name: string, x: Value, sizes: ConvolutionSizes): Value
  /** `N × inputs` to `N × outputs`. */
  dense(name: string, x: Value, inputs: number, outputs: number): Value
  /** Batch normalisation of the second axis, with `NAME.mean` and `NAME.variance` beside its weight and bias. */
  normalise(name: string, x: Value, channels: number): Value
  relu(x: Value): Value
  /** The largest of each 2 × 2. */
  pool(x: Value): Value
  /** `N × …` to `N × d`. */
  flatten(x: Value): Value
}

export interface ConvolutionSizes {
  readonly channels: number
  readonly filters: number
  readonly kernel: number
  /** Rows and columns of zeros on each side; default 0. */
  readonly padding?: number
  /** Whether the result is normalised before its positive part is taken. Default false. */
  readonly normalised?: boolean
}

export function freshLayers(graph: GraphBuilder, random: Random, initialisation: Initialisation): FreshLayers {
  const parameters = (name: string, dims: readonly number[]): Value[] => {
    const stream = random.fork(name)
    const inputs = sizeOf(dims.slice(1))
    const uniform = (shape: readonly number[], bound: number) => ({
      type: 'float32' as const,
      dims: shape,
      data: Float32Array.from({ length: sizeOf(shape) }, () => bound * (2 * stream.uniform() - 1)),
    })
    const torch = 1 / Math.sqrt(inputs)
    const he = initialisation === 'he'
    return [
      graph.constant(uniform(dims, he ? Math.sqrt(6 / inputs) : torch), `${name}.weight`),
      graph.constant(uniform([dims[0]!], he ? 0 : torch), `${name}.bias`),
    ]
  }
  const relu = (x: Value) => graph.node('Relu', [x])
  const normalise = (name: string, x: Value, channels: number) => {
    const filled = (part: string, value: number) =>
      graph.constant(
        { type: 'float32', dims: [channels], data: new Float32Array(channels).fill(value) },
        `${name}.${part}`,
      )
    const numbers = [filled('weight', 1), filled('bias', 0), filled('mean', 0), filled('variance', 1)]
    return graph.node('BatchNormalization', [x, ...numbers], { epsilon: float(1e-5), momentum: float(0.9) })
  }
  return {
    convolution(name, x, { channels, filters, kernel, padding = 0, normalised = false }) {
      const weights = parameters(name, [filters, channels, kernel, kernel])
      const attributes = { kernel_shape: ints([kernel, kernel]), pads: ints([padding, padding, padding, padding]) }
      const y = graph.node('Conv', [x, ...weights], attributes)
      return relu(normalised ? normalise(`${name}.norm`, y, filters) : y)
    },
    dense: (name, x, inputs, outputs) =>
      graph.node('Gemm', [x, ...parameters(name, [outputs, inputs])], { transB: int(1) }),
    normalise,
    relu,
    pool: (x) => graph.node('MaxPool', [x], { kernel_shape: ints([2, 2]), strides: ints([2, 2]) }),
    flatten: (x) => graph.node('Flatten', [x]),
  }
}
