/**
 * Graft's side of the benchmark of deep adaptation, in a process of its own.
 *
 *     node bench/deep/epochs.mjs METHOD FOLDER THREADS EPOCHS
 *
 * Trains LeNet on the digits of FOLDER (see digits-files.mjs) as `graft adapt --method METHOD --backbone lenet` does.
 * Prints one JSON line: the median milliseconds of an epoch, the first one, in which steps are compiled, left out; the
 * steps of an epoch, and the share of the target that is right in the end.
 */
import { setFlagsFromString } from 'node:v8'
import { adapt, matrix, nodeRuntime } from 'graft-learn'
import { median } from '../child.mjs'
import { readDigits } from './digits-files.mjs'

// As the command runs: see packages/node/bin/graft.js.
setFlagsFromString('--no-concurrent-marking')

const [method, folder, ...numbers] = process.argv.slice(2)
const [threads, epochs] = numbers.map(Number)
const BATCH = 64
/** What the peer has too, whatever the defaults. */
const training = {
  learningRate: 1e-3,
  optimiser: 'adam',
  weightDecay: 5e-4,
  schedule: 'annealed',
  clipNorm: 20,
  normalised: false,
}
const settings = {
  dann: { tradeOff: 1, gamma: 10, discriminatorWidth: 256 },
  dan: { tradeOff: 1, gamma: 10, layers: 2, kernels: 5, weighting: 'optimal', estimator: 'unbiased' },
}
const [source, target] = ['source', 'target'].map((name) => readDigits(folder, name))
const featuresOf = ({ rows, columns, features }) => matrix(rows, columns, features)
const runtime = await nodeRuntime({ threads })
const { predicted, training: history } = await adapt({
  task: { kind: 'classification', classes: [...'0123456789'] },
  sources: [{ name: 'source', features: featuresOf(source), labels: source.labels }],
  target: { name: 'target', features: featuresOf(target) },
  scale: 'none',
  method,
  options: { epochs, batchSize: BATCH, ...training, ...settings[method] },
  network: { kind: 'lenet' },
  deep: { watch: false },
  runtime,
})
await runtime.release()
const counted = history.epochs.slice(1).map(({ seconds }) => 1000 * seconds)
const right = predicted.filter((label, row) => label === target.labels[row]).length
console.log(
  JSON.stringify({
    milliseconds: median(counted),
    steps: Math.floor(Math.max(source.rows, target.rows) / BATCH),
    losses: history.epochs.at(-1).losses,
    accuracy: right / target.rows,
  }),
)
