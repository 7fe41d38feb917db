/**
 * Trains a small network, saying each step, and writes it.
 *
 *     node training-child.mjs MODEL [CHECKPOINTS [STEP]]
 *
 * MODEL is where the result goes, CHECKPOINTS the folder to keep checkpoints in and to go on from, STEP where to wait for
 * being killed.
 */
import { writeFileSync, writeSync } from 'node:fs'
import {
  adam,
  cosine,
  graphBuilder,
  int,
  nodeRuntime,
  seededRandom,
  softmaxCrossEntropy,
  tensorData,
  train,
  writeModel,
} from 'graft-learn'
import { checkpointFolder } from '../dist/files/index.js'

const [file, folder, hold] = process.argv.slice(2)
const random = seededRandom(4)
const normal = (dims, scale = 1) => {
  const size = dims.reduce((product, dim) => product * dim, 1)
  return { type: 'float32', dims, data: Float32Array.from({ length: size }, () => scale * random.normal()) }
}

const graph = graphBuilder('small')
const x = graph.input('input', 'float32', ['N', 20])
const dense = (input, rows, columns) =>
  graph.node('Gemm', [input, graph.constant(normal([rows, columns], 0.2)), graph.constant(normal([rows], 0.1))], {
    transB: int(1),
  })
graph.output('logits', dense(graph.node('Relu', [dense(x, 50, 20)]), 2, 50), 'float32', ['N', 2])

const rows = 230
const input = normal([rows, 20])
const target = {
  type: 'int64',
  dims: [rows],
  data: BigInt64Array.from({ length: rows }, (_, i) => BigInt(input.data[20 * i] * input.data[20 * i + 1] > 0)),
}
const result = await train(await nodeRuntime({ threads: 1 }), graph.model(), {
  data: tensorData({ input, target }),
  losses: [softmaxCrossEntropy({ logits: 'logits' })],
  optimiser: adam(),
  schedule: cosine(0.01),
  batchSize: 16,
  epochs: 5,
  seed: 3,
  checkpointEvery: 4,
  ...(folder === undefined ? {} : { checkpoints: await checkpointFolder(folder) }),
  onWarning: (message) => console.error(message),
  onStep: async ({ step }) => {
    writeSync(1, `step ${step}\n`)
    if (step === Number(hold)) await new Promise((resolve) => setTimeout(resolve, 60_000))
  },
})
writeFileSync(file, writeModel(result.model))
