import { cutTo, exposeParameters, withParameters } from '../../autodiff/index.ts'
import {
  builderOn,
  type GraphBuilder,
  graphBuilder,
  int,
  ints,
  type Model,
  upgradeModel,
  type Value,
} from '../../onnx/index.ts'
import type { Runtime, Tensors } from '../../runtime/index.ts'
import { type Random, seededRandom, sizeOf, type Tensor } from '../../tensor/index.ts'
import type { LossTerm } from '../../training/index.ts'
import type { StrategyContext } from '../strategy.ts'

/** A small problem to try strategies on, made up by hand: only tests import this. */
export interface MadeSettings {
  /**
   * `perceptron`: rows of 5 numbers, layers of 6 and 4. `convolution`: images of 2 × 6 × 6, two convolutions of 3 and 4
   * channels with batch normalisation. Both end in a Relu; the perceptron's `embedding` is its last layer, the other's
   * the mean over places.
   */
  readonly network?: 'perceptron' | 'convolution'
  readonly oldHead?: 'logits' | 'probabilities' | null
  /** Whether labelled rows of the old task are there. */
  readonly oldTask?: boolean
  readonly rows?: number
  readonly epochs?: number
  readonly batchSize?: number
  readonly seed?: number
}

const CLASSES = 3
const OLD_CLASSES = 4

/**
 * What a strategy works with: a network of two blocks with random weights, `head.weight` and `head.bias` for 3 new classes,
 * `old.weight` and `old.bias` for 4 old ones (output `old`), rows of random numbers with arbitrary labels. Labels of the
 * old task are what the network says of its rows. Views of an epoch add `epoch / 100` to every number.
 */
export async function strategyContext(runtime: Runtime, settings: MadeSettings = {}): Promise<StrategyContext> {
  const { network: kind = 'perceptron', oldHead = 'logits', rows = 24, epochs = 3, batchSize = 8 } = settings
  const random = seededRandom(settings.seed ?? 1)
  const network = kind === 'perceptron' ? perceptron(random, oldHead) : convolution(random, oldHead)
  const dims = kind === 'perceptron' ? [5] : [2, 6, 6]
  const all = made(random.fork('rows'), rows, dims)
  const old = made(random.fork('old rows'), rows, dims)
  const labels = Int32Array.from({ length: rows }, (_, i) => (i * 7 + (i % 4)) % CLASSES)
  const oldTask = settings.oldTask && oldHead !== null ? await oldTaskOf(runtime, network, old) : undefined
  return {
    runtime,
    random: random.fork('strategy'),
    network,
    input: 'input',
    blocks: blocksOf(kind),
    head: ['head.weight', 'head.bias'],
    ...(oldHead === null
      ? {}
      : { oldHead: { output: 'old', kind: oldHead, classes: OLD_CLASSES, parameters: ['old.weight', 'old.bias'] } }),
    start: Object.fromEntries([...network.graph.initializers].filter(([name]) => !/(mean|variance)$/.test(name))),
    rows,
    classes: CLASSES,
    labels,
    inputs: async (chosen, epoch) => shifted(rowsOf(all, chosen), epoch / 100),
    ...(oldTask === undefined ? {} : { oldTask }),
    epochs,
    batchSize,
    progress: () => undefined,
  }
}

/** The network with one loss as its only output, `value`, and what it reads of a batch. */
export function lossModel(network: Model, term: LossTerm, batch: Tensors): { model: Model; inputs: Tensors } {
  const graph = builderOn(upgradeModel(exposeParameters(network)))
  graph.output('value', term.build(graph, batch), 'float32', [])
  const model = cutTo(graph.model(), [{ name: 'value', type: 'float32', dims: [] }])
  return { model, inputs: Object.fromEntries(model.graph.inputs.map(({ name }) => [name, batch[name]!])) }
}

/** The network with every parameter of a context changed a little. */
export function moved(context: StrategyContext, by = 0.1): Model {
  const random = seededRandom(8)
  const changed = Object.keys(context.start).map((name): [string, Tensor] => {
    const { type, dims, data } = context.start[name]! as Tensor<'float32'>
    return [name, { type, dims, data: data.map((value) => value + by * random.normal()) }]
  })
  return withParameters(context.network, Object.fromEntries(changed))
}

const blocksOf = (kind: 'perceptron' | 'convolution'): readonly (readonly string[])[] =>
  ['first', 'second'].map((name) => [
    `${name}.weight`,
    ...(kind === 'perceptron' ? [`${name}.bias`] : [`${name}.scale`, `${name}.shift`]),
  ])

function perceptron(random: Random, oldHead: MadeSettings['oldHead']): Model {
  const graph = graphBuilder('perceptron')
  const x = graph.input('input', 'float32', ['N', 5])
  const first = graph.node('Tanh', [linear(graph, random, 'first', x, 5, 6)])
  const embedding = graph.node('Relu', [linear(graph, random, 'second', first, 6, 4)])
  return withHeads(graph, random, embedding, oldHead)
}

function convolution(random: Random, oldHead: MadeSettings['oldHead']): Model {
  const graph = graphBuilder('convolution')
  const x = graph.input('input', 'float32', ['N', 2, 6, 6])
  const first = convolved(graph, random, 'first', x, 2, 3)
  const second = convolved(graph, random, 'second', first, 3, 4)
  const pooled = graph.node('GlobalAveragePool', [second])
  return withHeads(graph, random, graph.node('Flatten', [pooled], { axis: int(1) }), oldHead)
}

function withHeads(graph: GraphBuilder, random: Random, embedding: Value, oldHead: MadeSettings['oldHead']): Model {
  graph.output('embedding', embedding, 'float32', ['N', 4])
  graph.output('logits', linear(graph, random, 'head', embedding, 4, CLASSES), 'float32', ['N', CLASSES])
  if (oldHead !== null) {
    const scores = linear(graph, random, 'old', embedding, 4, OLD_CLASSES)
    const given = oldHead === 'logits' ? scores : graph.node('Softmax', [scores], { axis: int(1) })
    graph.output('old', given, 'float32', ['N', OLD_CLASSES])
  }
  return graph.model()
}

function linear(graph: GraphBuilder, random: Random, name: string, x: Value, inputs: number, outputs: number): Value {
  const weight = normal(random.fork(`${name}.weight`), [outputs, inputs], 1.5 / Math.sqrt(inputs))
  const bias = normal(random.fork(`${name}.bias`), [outputs], 0.3)
  const parameters = [graph.constant(weight, `${name}.weight`), graph.constant(bias, `${name}.bias`)]
  return graph.node('Gemm', [x, ...parameters], { transB: int(1) })
}

/** 3 × 3 convolution, batch normalisation, Relu. */
function convolved(
  graph: GraphBuilder,
  random: Random,
  name: string,
  x: Value,
  inputs: number,
  outputs: number,
): Value {
  const weight = normal(random.fork(`${name}.weight`), [outputs, inputs, 3, 3], Math.sqrt(2 / (9 * inputs)))
  const conv = graph.node('Conv', [x, graph.constant(weight, `${name}.weight`)], { pads: ints([1, 1, 1, 1]) })
  const numbers = (part: string, mean: number) => {
    const spread = normal(random.fork(`${name}.${part}`), [outputs], 0.1)
    return graph.constant({ ...spread, data: spread.data.map((value) => mean + value) }, `${name}.${part}`)
  }
  const statistics = [numbers('scale', 1), numbers('shift', 0.1), numbers('mean', 0), numbers('variance', 1)]
  return graph.node('Relu', [graph.node('BatchNormalization', [conv, ...statistics])])
}

async function oldTaskOf(runtime: Runtime, network: Model, inputs: Tensor<'float32'>) {
  const scores = (await runtime.run(network, { input: inputs })).old!
  const rows = inputs.dims[0]!
  const labels = Int32Array.from({ length: rows }, (_, i) => {
    const row = (scores.data as Float32Array).subarray(i * OLD_CLASSES, (i + 1) * OLD_CLASSES)
    return row.indexOf(Math.max(...row))
  })
  return { rows, labels, inputs: async (chosen: Int32Array) => rowsOf(inputs, chosen) }
}

const normal = (random: Random, dims: readonly number[], scale: number): Tensor<'float32'> => ({
  type: 'float32',
  dims,
  data: Float32Array.from({ length: sizeOf(dims) }, () => scale * random.normal()),
})

/** Random numbers; each channel of an image has a level of its own, which the mean over places would otherwise lose. */
function made(random: Random, rows: number, dims: readonly number[]): Tensor<'float32'> {
  const numbers = normal(random, [rows, ...dims], 1)
  const places = sizeOf(dims.slice(1))
  const levels = normal(random.fork('levels'), [rows * dims[0]!], places > 1 ? 1.5 : 0).data
  return { ...numbers, data: numbers.data.map((value, k) => value + levels[Math.floor(k / places)]!) }
}

function rowsOf({ dims, data }: Tensor<'float32'>, rows: Int32Array): Tensor<'float32'> {
  const width = sizeOf(dims.slice(1))
  const chosen = new Float32Array(rows.length * width)
  rows.forEach((row, i) => {
    chosen.set(data.subarray(row * width, (row + 1) * width), i * width)
  })
  return { type: 'float32', dims: [rows.length, ...dims.slice(1)], data: chosen }
}

const shifted = (tensor: Tensor<'float32'>, by: number): Tensor<'float32'> =>
  by === 0 ? tensor : { ...tensor, data: tensor.data.map((value) => value + by) }
