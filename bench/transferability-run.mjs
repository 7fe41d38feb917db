/**
 * One repetition of a case of transferability.mjs, which starts this:
 *
 *     node bench/transferability-run.mjs CASE SEED FOLDER
 *
 * Prints one JSON object; FOLDER holds Fashion-MNIST.
 */
import { cnn, layerTransfer, nodeRuntime } from '../packages/core/dist/index.js'
import { caseData, cases, SIDE, settingsOf } from './transferability-cases.mjs'

const [name, seed, folder] = process.argv.slice(2)
const data = caseData(cases[name], folder)
const before = process.cpuUsage()
const runtime = await nodeRuntime({ threads: 1 })
const { layers, splits, runs } = await layerTransfer(runtime, {
  ...settingsOf(name),
  data,
  network: (classes, random) => cnn({ channels: 1, size: SIDE, classes, random }),
  repetitions: 1,
  seed: Number(seed),
  onRun: (run) => console.error(`${name}, seed ${seed}: ${run.name} ${(100 * run.accuracy).toFixed(2)}`),
})
await runtime.release()
const { user, system } = process.cpuUsage(before)
console.log(JSON.stringify({ layers, split: splits[0], runs, processorSeconds: (user + system) / 1e6 }))
