/**
 * Graft's side of the training benchmark, in a process of its own.
 *
 *     node bench/training-run.mjs NETWORK [THREADS]
 *
 * A step is `runStep`, as `train` calls it: weights and batch go in, new weights come out. Prints one JSON line with the
 * median of 30 steps. As on the peer's side 5 steps before them do not count, nor does what else is run in the first
 * half second, in which JavaScript is compiled and the memory of the first weights has not come back yet; a training of
 * the smallest network has thousands of steps after that. `firstMilliseconds` is the median of the 30 steps right after
 * the first 5.
 */
import { nodeRuntime } from 'graft-learn'
import { median } from './child.mjs'
import { stepper } from './training-steps.mjs'

const [name, threads = '2'] = process.argv.slice(2)
const SETTLED = 500
const runtime = await nodeRuntime({ threads: Number(threads) })
const step = await stepper(runtime, name)
const begun = performance.now()
for (let i = 0; i < 5; i++) await step()
const firstMilliseconds = await medianOf(30)
let millisecondsMedian = firstMilliseconds
if (performance.now() < begun + SETTLED) {
  while (performance.now() < begun + SETTLED) await step()
  millisecondsMedian = await medianOf(30)
}
const loss = await step()
await runtime.release()
console.log(JSON.stringify({ case: name, threads: Number(threads), millisecondsMedian, firstMilliseconds, loss }))

async function medianOf(count) {
  const times = []
  for (let i = 0; i < count; i++) {
    const start = performance.now()
    await step()
    times.push(performance.now() - start)
  }
  return median(times)
}
