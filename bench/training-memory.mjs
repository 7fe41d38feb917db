/**
 * Memory over 20,000 training steps of a small network: 784-64-64-10, batches of 32, Adam, by `train` itself.
 *
 *     npm run bench:training-memory -- [--json] [--output FILE] [--steps 20000] [--every 500]
 *
 * Prints what the process holds after every 500 steps, as it is, without asking for a garbage collection: `rss`, all of
 * its memory, `heap`, JavaScript objects in use, and `arrays`, the numbers of tensors. Growth is the slope of a line
 * through the second half. What cannot be collected, `live`, is measured twice, at the first sample and the last. There is
 * no peer to compare with. `--output` writes what `--json` prints into a file, from which
 * scripts/write-training-memory.mjs makes the figure and the paragraph of docs/training.md.
 */
import { writeFileSync } from 'node:fs'
import { availableParallelism, cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import {
  adam,
  constantRate,
  graphBuilder,
  int,
  nodeRuntime,
  seededRandom,
  softmaxCrossEntropy,
  tensorData,
  train,
} from 'graft-learn'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    output: { type: 'string' },
    steps: { type: 'string', default: '20000' },
    every: { type: 'string', default: '500' },
  },
})
const [FEATURES, CLASSES, BATCH, ROWS] = [784, 10, 32, 3200]
const every = Number(values.every)
const perEpoch = ROWS / BATCH
const epochs = Math.ceil(Number(values.steps) / perEpoch)

const random = seededRandom(0)
const draw = (dims, scale) => {
  const size = dims.reduce((product, dim) => product * dim, 1)
  return { type: 'float32', dims, data: Float32Array.from({ length: size }, () => scale * random.normal()) }
}

function network() {
  const graph = graphBuilder('small')
  const dense = (x, inputs, outputs) =>
    graph.node(
      'Gemm',
      [x, graph.constant(draw([outputs, inputs], 1 / Math.sqrt(inputs))), graph.constant(draw([outputs], 0))],
      {
        transB: int(1),
      },
    )
  const first = graph.node('Relu', [dense(graph.input('input', 'float32', ['N', FEATURES]), FEATURES, 64)])
  const second = graph.node('Relu', [dense(first, 64, 64)])
  graph.output('logits', dense(second, 64, CLASSES), 'float32', ['N', CLASSES])
  return graph.model()
}

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc')
/** Heap and arrays after a collection. */
function live() {
  collect()
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

const samples = []
const alive = []
function sample(step) {
  const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage()
  samples.push({ step, rss, heap: heapUsed, external, arrays: arrayBuffers })
  console.error(
    `step ${step}: ${megabytes(rss)} MB, of which heap ${megabytes(heapUsed)}, arrays ${megabytes(arrayBuffers)}`,
  )
}

const classes = BigInt64Array.from({ length: ROWS }, () => BigInt(random.integer(CLASSES)))
const data = tensorData({
  input: draw([ROWS, FEATURES], 1),
  target: { type: 'int64', dims: [ROWS], data: classes },
})
sample(0)
const start = performance.now()
const { history } = await train(await nodeRuntime(), network(), {
  data,
  losses: [softmaxCrossEntropy({ logits: 'logits' })],
  optimiser: adam(),
  schedule: constantRate(1e-4),
  batchSize: BATCH,
  epochs,
  onStep: ({ step }) => {
    if (step % every === 0) sample(step)
    if (step === every || step === epochs * perEpoch) alive.push(live())
  },
})
const milliseconds = (performance.now() - start) / (epochs * perEpoch)

const later = samples.filter(({ step }) => step >= (epochs * perEpoch) / 2)
const result = {
  bench: 'training-memory',
  machine: { processor: cpus()[0]?.model ?? 'unknown', cores: availableParallelism(), node: process.version },
  case: `${FEATURES}-64-64-${CLASSES}, batches of ${BATCH}`,
  steps: epochs * perEpoch,
  peer: null,
  milliseconds,
  loss: history.at(-1).loss,
  live: alive,
  /** Bytes a step, over the second half. */
  growth: Object.fromEntries(['rss', 'heap', 'arrays'].map((what) => [what, slope(later, what)])),
  samples,
}
if (values.output !== undefined) writeFileSync(values.output, `${JSON.stringify(result)}\n`)
if (values.json) console.log(JSON.stringify(result))
else {
  const { rss, heap, arrays } = result.growth
  const said = [rss, heap, arrays].map((bytes) => bytes.toFixed(0))
  console.log(`${result.steps} steps of ${milliseconds.toFixed(2)} ms; growth over the second half, in bytes a step:`)
  console.log(`all memory ${said[0]}, heap ${said[1]}, arrays ${said[2]}`)
  console.log(`after a collection: ${alive.map(megabytes).join(' MB, at the end ')} MB`)
}

/** Least-squares slope of what is held over the steps. */
function slope(points, what) {
  const mean = (pick) => points.reduce((sum, point) => sum + pick(point), 0) / points.length
  const [step, held] = [mean((point) => point.step), mean((point) => point[what])]
  const spread = points.reduce((sum, point) => sum + (point.step - step) ** 2, 0)
  return points.reduce((sum, point) => sum + (point.step - step) * (point[what] - held), 0) / spread
}

function megabytes(bytes) {
  return (bytes / 1e6).toFixed(1)
}
