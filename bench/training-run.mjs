/**
 * Graft's side of the training benchmark, in a process of its own: the median of 30 steps after 5 that do not count,
 * as the peer takes it.
 *
 *     node bench/training-run.mjs NETWORK [THREADS]
 *
 * A step is `runStep`, as `train` calls it: weights and batch go in, new weights come out. Prints one JSON line.
 */
import { nodeRuntime } from 'graft-learn'
import { median } from './child.mjs'
import { stepper } from './training-steps.mjs'

const [name, threads = '2'] = process.argv.slice(2)
const runtime = await nodeRuntime({ threads: Number(threads) })
const step = await stepper(runtime, name)
for (let i = 0; i < 5; i++) await step()
const times = []
let loss
for (let i = 0; i < 30; i++) {
  const start = performance.now()
  loss = await step()
  times.push(performance.now() - start)
}
await runtime.release()
console.log(JSON.stringify({ case: name, threads: Number(threads), millisecondsMedian: median(times), loss }))
