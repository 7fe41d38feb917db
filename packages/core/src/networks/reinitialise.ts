import { exposeParameters, readBy, withParameters } from '../autodiff/index.ts'
import { type Graph, intOf, type Model, type Node } from '../onnx/index.ts'
import { type Random, sizeOf, type Tensor } from '../tensor/index.ts'

/**
 * The model with a fresh start for some of its parameters, by what reads them: weights of convolutions and linear layers
 * normal with variance 2/f, `f` being the inputs of one unit (He et al. 2015), those of recurrent layers uniform in ±1/√h
 * for `h` units, tables of tokens and positions normal with standard deviation 0.02; biases 0; normalisation with scale 1,
 * bias 0 and, where it keeps running statistics, mean 0 and variance 1. Each parameter's numbers depend on `random` and its
 * name alone. Throws `InvalidInputError` for a name that the model does not store.
 */
export function reinitialise(model: Model, parameters: readonly string[], random: Random): Model {
  const { graph } = exposeParameters(model)
  const values: Record<string, Tensor> = {}
  for (const name of parameters) {
    const before = graph.initializers.get(name)
    const use = useOf(graph, name)
    values[name] = before === undefined ? unknown : filledLike(before, startOf(before.dims, use), random.fork(name))
    if (use?.node.op !== 'BatchNormalization' || use.position !== 1) continue
    for (const [i, statistic] of use.node.inputs.slice(3, 5).entries()) {
      const stored = graph.initializers.get(statistic)
      if (stored !== undefined) values[statistic] = filledLike(stored, constant(i), random)
    }
  }
  return withParameters(model, values)
}

/** Stands for a tensor that is not there; `withParameters` refuses its name. */
const unknown: Tensor = { type: 'float32', dims: [0], data: new Float32Array(0) }

/** How a parameter starts: a number from a stream. */
type Start = (random: Random) => number

const constant =
  (value: number): Start =>
  () =>
    value
const normal =
  (deviation: number): Start =>
  (random) =>
    deviation * random.normal()
const he = (inputs: number): Start => normal(Math.sqrt(2 / Math.max(1, inputs)))

const TABLE = normal(0.02)

/** Where a parameter is read for what it is: after transpositions and the like. */
interface Use {
  readonly node: Node
  readonly position: number
  /** Whether its last two axes are swapped on the way. */
  readonly swapped: boolean
}

const PASSING = new Set(['Cast', 'Identity', 'Reshape', 'Squeeze', 'Transpose', 'Unsqueeze'])

function useOf(graph: Graph, name: string, swapped = false): Use | undefined {
  const node = graph.nodes.find((each) => readBy(each).includes(name))
  if (node === undefined) return undefined
  const position = node.inputs.indexOf(name)
  if (position !== 0 || !PASSING.has(node.op)) return { node, position, swapped }
  return useOf(graph, node.outputs[0]!, swapped !== (node.op === 'Transpose'))
}

const NORMALISING = new Set([
  'BatchNormalization',
  'GroupNormalization',
  'InstanceNormalization',
  'LayerNormalization',
  'RMSNormalization',
])
const RECURRENT = new Set(['GRU', 'LSTM', 'RNN'])

function startOf(dims: readonly number[], use: Use | undefined): Start {
  const wide = dims.filter((size) => size > 1).length > 1
  if (use === undefined) return wide ? he(sizeOf(dims.slice(1))) : constant(0)
  const { node, position, swapped } = use
  const linear = (first: boolean): Start => he((first !== swapped ? dims.at(-2) : dims.at(-1)) ?? 1)
  if (NORMALISING.has(node.op)) return constant(position === 1 ? 1 : 0)
  if (RECURRENT.has(node.op)) {
    const bound = 1 / Math.sqrt(intOf(node, 'hidden_size', 1))
    return (random) => bound * (2 * random.uniform() - 1)
  }
  switch (node.op) {
    case 'Conv':
    case 'ConvTranspose':
      return position === 1 ? he(sizeOf(dims.slice(1))) : constant(0)
    case 'Gemm':
      return position === 2
        ? constant(0)
        : linear((position === 1) !== (intOf(node, position === 1 ? 'transB' : 'transA', 0) === 1))
    case 'MatMul':
      return linear(position === 1)
    case 'Add':
    case 'Sub':
    case 'Sum':
      return wide ? TABLE : constant(0)
    case 'Mul':
    case 'Div':
      return constant(1)
    case 'PRelu':
      return constant(0.25)
    case 'Concat':
    case 'Expand':
    case 'Gather':
      return TABLE
    default:
      return wide ? he(sizeOf(dims.slice(1))) : constant(0)
  }
}

function filledLike({ type, dims, data }: Tensor, start: Start, random: Random): Tensor {
  const numbers = { length: data.length }
  return type === 'float64'
    ? { type, dims, data: Float64Array.from(numbers, () => start(random)) }
    : { type: 'float32', dims, data: Float32Array.from(numbers, () => start(random)) }
}
