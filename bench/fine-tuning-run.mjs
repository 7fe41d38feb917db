/**
 * Graft's side of the fine-tuning benchmark, in a process of its own.
 *
 *     node bench/fine-tuning-run.mjs MODEL.onnx CLASSES BATCH THREADS STEPS
 *
 * A step is `runStep`, as `tune` takes it with the strategy `full`: all weights of the network and a new head, AdamW,
 * softmax cross-entropy. Prints one JSON line: the median milliseconds of STEPS steps after 3 that do not count.
 */
import { readFileSync } from 'node:fs'
import { setFlagsFromString } from 'node:v8'
import {
  adamW,
  compileStep,
  describeNetwork,
  nodeRuntime,
  readModel,
  runStep,
  softmaxCrossEntropy,
  withHead,
} from 'graft-learn'
import { median } from './child.mjs'

// As the command runs: see packages/node/bin/graft.js.
setFlagsFromString('--no-concurrent-marking')

const [path, ...numbers] = process.argv.slice(2)
const [classes, rows, threads, steps] = numbers.map(Number)
const runtime = await nodeRuntime({ threads })
const described = await describeNetwork(runtime, readModel(readFileSync(path)))
const { model } = await withHead(runtime, described, described.features, undefined, classes)
const dims = [rows, ...described.input.dims]
const images = Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, () => Math.random() * 2 - 1)
const target = BigInt64Array.from({ length: rows }, (_, i) => BigInt(i % classes))
const batch = {
  [described.input.name]: { type: 'float32', dims, data: images },
  target: { type: 'int64', dims: [rows], data: target },
}
const step = await compileStep(runtime, model, {
  batch,
  losses: [softmaxCrossEntropy({ logits: 'logits' })],
  optimiser: adamW({ weightDecay: 1e-2 }),
})
let state = step.start
let loss = 0
const times = []
for (let i = 0; i < 3 + steps; i++) {
  const start = performance.now()
  const result = await runStep(runtime, step, state, batch, { step: i, learningRate: 1e-4 })
  times.push(performance.now() - start)
  ;({ state, loss } = result)
}
await runtime.release()
console.log(JSON.stringify({ milliseconds: median(times.slice(3)), loss }))
