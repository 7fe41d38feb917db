import { cutTo, differentiate, exposeParameters, gradientName } from '../../autodiff/index.ts'
import { builderOn, int, type Model, upgradeModel } from '../../onnx/index.ts'
import type { Tensors } from '../../runtime/index.ts'
import { type Random, scalarOf, type Tensor } from '../../tensor/index.ts'
import type { OldHead, StrategyContext } from '../strategy.ts'
import { oldScores } from './lwf-scores.ts'

export interface FisherRequest extends Pick<StrategyContext, 'runtime' | 'network' | 'input' | 'progress' | 'signal'> {
  readonly oldHead: OldHead
  readonly parameters: readonly string[]
  /** The input for one row. */
  readonly inputOf: (row: number) => Promise<Tensor>
  readonly rows: Int32Array
  /** The label of a row; absent where labels are drawn from what the head says. */
  readonly labelOf?: (row: number) => number
  readonly random: Random
}

const LABEL = 'label of the old task'
const LOSS = 'loss of the old task'
const PROBABILITIES = 'probabilities of the old task'

/**
 * The diagonal of the Fisher information of an old head at the network's weights: for each number of each parameter the
 * mean over rows of `(∂ log p(y | x) / ∂w)²`, one backward pass a row. With `y` drawn from `p(y | x)` its expectation is the
 * Fisher information (Kirkpatrick 2017); with `y` given it is what is called the empirical one.
 */
export async function fisherDiagonal(request: FisherRequest): Promise<Tensors> {
  const { runtime, input, oldHead, parameters, rows, labelOf, random, progress, signal } = request
  const likelihood = likelihoodModel(request)
  const scores = cutTo(likelihood, [{ name: PROBABILITIES }])
  const sums = new Map<string, Float64Array>()
  let graph: Model | undefined
  for (const [i, row] of rows.entries()) {
    signal?.throwIfAborted()
    const x = await request.inputOf(row)
    const label = labelOf?.(row) ?? drawn((await runtime.run(scores, { [input]: x }))[PROBABILITIES]!, random)
    const inputs = { [input]: x, [LABEL]: oneHot(label, oldHead.classes) }
    graph ??= await differentiate(runtime, likelihood, { loss: LOSS, parameters, inputs })
    const found = await runtime.run(graph, inputs)
    for (const name of parameters) addSquares(sums, name, found[gradientName(name)]!)
    progress('Fisher information', i + 1, rows.length)
  }
  return Object.fromEntries(
    parameters.map((name) => {
      const { dims } = likelihood.graph.initializers.get(name)!
      const data = Float32Array.from(sums.get(name)!, (sum) => sum / rows.length)
      return [name, { type: 'float32', dims, data }]
    }),
  )
}

/** The network as far as the old head, with its probabilities and `−Σ_c y_c log p_c`, `y` being an input. */
function likelihoodModel({ network, oldHead }: FisherRequest): Model {
  const cut = cutTo(exposeParameters(network), [{ name: oldHead.output }])
  const graph = builderOn(upgradeModel(cut))
  const scores = oldScores(graph, oldHead.output, oldHead.kind)
  graph.output(PROBABILITIES, graph.node('Softmax', [scores], { axis: int(1) }), 'float32', [1, oldHead.classes])
  const label = graph.input(LABEL, 'float32', [1, oldHead.classes])
  const logs = graph.node('LogSoftmax', [scores], { axis: int(1) })
  const chosen = graph.node('ReduceSum', [graph.node('Mul', [label, logs])], { keepdims: int(0) })
  graph.output(LOSS, graph.node('Mul', [chosen, graph.constant(scalarOf(-1, 'float32'))]), 'float32', [])
  return graph.model()
}

function drawn({ data }: Tensor, random: Random): number {
  const probabilities = data as Float32Array
  let left = random.uniform() * probabilities.reduce((sum, each) => sum + each, 0)
  for (const [label, probability] of probabilities.entries()) {
    left -= probability
    if (left < 0) return label
  }
  return probabilities.indexOf(Math.max(...probabilities))
}

const oneHot = (label: number, classes: number): Tensor<'float32'> => ({
  type: 'float32',
  dims: [1, classes],
  data: new Float32Array(classes).fill(1, label, label + 1),
})

function addSquares(sums: Map<string, Float64Array>, name: string, { data }: Tensor): void {
  const gradient = data as Float32Array
  const sum = sums.get(name) ?? new Float64Array(gradient.length)
  sums.set(name, sum)
  for (let i = 0; i < gradient.length; i++) sum[i]! += gradient[i]! * gradient[i]!
}
