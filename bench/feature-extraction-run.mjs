/**
 * Graft's side of the benchmark of feature extraction, in a process of its own.
 *
 *     node bench/feature-extraction-run.mjs MODEL FOLDER IMAGES THREADS WORK prepare|measure
 *
 * `prepare` writes the decoded images (`decoded.f32`), their dims and the list of files to the folder WORK; `measure` prints one
 * JSON line, milliseconds per image: the network alone, decoding alone, and both together as `baseOutputs` does it,
 * nothing kept on disk.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { nodeRuntime, readModel } from 'graft-learn'
import { baseOutputs } from '../packages/node/dist/feature-cache/index.js'
import {
  imageBatches,
  imageInputOf,
  preprocessingOf,
  readImages,
  selectImages,
} from '../packages/node/dist/images/index.js'
import { median } from './child.mjs'

const [modelFile, folder, count, threads, work, task] = process.argv.slice(2)
const model = readModel(readFileSync(modelFile))
const preprocessing = await preprocessingOf(modelFile, model)
const all = await readImages(folder)
const step = Math.max(1, Math.floor(all.files.length / Number(count)))
const images = selectImages(
  all,
  Array.from({ length: Math.min(Number(count), all.files.length) }, (_, i) => i * step),
)
const n = images.files.length
/** As many images as `baseOutputs` gives the network at once. */
const BATCH = 8
const PASSES = 5

if (task === 'prepare') {
  const { value: batch } = await imageBatches(images, preprocessing, { batchSize: n }).next()
  writeFileSync(join(work, 'decoded.f32'), batch.tensor.data)
  const files = images.files.map((file) => join(folder, file))
  writeFileSync(join(work, 'images.json'), JSON.stringify({ dims: batch.tensor.dims, files }))
  console.log('{}')
} else {
  const runtime = await nodeRuntime({ threads: Number(threads) })
  const { name } = imageInputOf(model)
  const batches = []
  for await (const { tensor } of imageBatches(images, preprocessing, { batchSize: BATCH })) batches.push(tensor)
  const network = await milliseconds(async () => {
    for (const tensor of batches) await runtime.run(model, { [name]: tensor })
  })
  const decode = await milliseconds(async () => {
    for await (const _ of imageBatches(images, preprocessing, { batchSize: BATCH }));
  })
  const files = await milliseconds(() => baseOutputs(runtime, model, images, preprocessing, { cacheFolder: null }))
  await runtime.release()
  console.log(JSON.stringify({ network, decode, files }))
}

/** Per image, the median of some passes after one that does not count. */
async function milliseconds(pass) {
  const times = []
  for (let i = 0; i <= PASSES; i++) {
    const start = performance.now()
    await pass()
    times.push((performance.now() - start) / n)
  }
  return median(times.slice(1))
}
