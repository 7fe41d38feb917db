/** Photographs, 5 of each class: what pulls towards the pretrained weights are good for. */
import { join } from 'node:path'
import { rowsInMemory, seededRandom, tune } from 'graft-learn'
import { imageBatches, preprocessingOf, readImageFolder } from '../packages/node/dist/images/index.js'
import { readModelFile } from '../packages/node/dist/saved-model/index.js'
import { accuracyOn, pick, rowsByClass, someOf } from './forgetting-rows.mjs'

const [PER_CLASS, TEST_PER_CLASS, EPOCHS, REUSE, SIZE] = [5, 30, 15, 16, 128]
const DOMAIN = 'caltech10'

export const fewSettings = [
  `MobileNetV2 0.35 on the photographs of ${DOMAIN} (Office-Caltech10), ${PER_CLASS} of each of 10 classes, at ${SIZE} × ${SIZE} pixels, scored on`,
  `${TEST_PER_CLASS} others of each: the first ${REUSE} of 32 blocks stay as they are, the others are tuned for ${EPOCHS} epochs by AdamW from a`,
  'head that was fitted first, nothing held out. Accuracy in percent.',
].join('\n')

const settings = { batchSize: 16, validation: 0, refit: false, c: 1, blend: 1, labelSmoothing: 0 }
const at = (learningRate, ids) =>
  ids.map((strategy) => ({
    training: `\`${strategy}\`, learning rate ${learningRate}`,
    reference: `\`full\`, learning rate ${learningRate}`,
    strategy,
    reuse: REUSE,
    own: { learningRate },
  }))
const ways = [
  { training: '`head`', reference: '`full`, learning rate 0.0003', strategy: 'head' },
  ...at(3e-4, ['full', 'l2-sp', 'delta', 'bss']),
  ...at(1e-3, ['full', 'l2-sp']),
]

/** Accuracy for each way, seed by seed. */
export async function fewImages(runtime, data, seeds, tell) {
  const file = join(data, 'backbones', 'mobilenet_v2_0.35_224_features.onnx')
  const model = ofSize((await readModelFile(file)).model)
  const { images, tensor } = await decoded(join(data, 'office-caltech10-images', DOMAIN), file, model)
  const results = ways.map(({ training, reference }) => ({ training, reference, accuracy: [] }))
  for (let seed = 0; seed < seeds; seed++) {
    const byClass = rowsByClass(images.labels, images.classes.length, seededRandom(seed))
    const take = (from, to) => {
      const rows = someOf(byClass, from, to)
      return rowsInMemory(
        pick(tensor, rows),
        Int32Array.from(rows, (row) => images.labels[row]),
      )
    }
    const [some, test] = [take(0, PER_CLASS), take(PER_CLASS, PER_CLASS + TEST_PER_CLASS)]
    for (const [i, { training, strategy, reuse, own }] of ways.entries()) {
      const tuned = await tune({
        runtime,
        model,
        training: some,
        classes: images.classes.length,
        strategy,
        settings: { ...settings, ...own },
        epochs: EPOCHS,
        seed,
        ...(reuse && { reuse }),
      })
      const accuracy = await accuracyOn(runtime, tuned.model, 'logits', test)
      results[i].accuracy.push(accuracy)
      tell(`seed ${seed}, ${training}: ${accuracy.toFixed(3)}`)
    }
  }
  return results
}

/** The network for smaller images than the file says: a third of the time. */
const ofSize = ({ graph, ...rest }) => ({
  ...rest,
  graph: { ...graph, inputs: graph.inputs.map((input) => ({ ...input, dims: ['N', 3, SIZE, SIZE] })) },
})

/** All images of a folder as inputs of the model. */
async function decoded(folder, file, model) {
  const images = await readImageFolder(folder)
  const preprocessing = await preprocessingOf(file, model, { preset: 'mobilenet', size: `${SIZE}` })
  const dims = [images.files.length, 3, preprocessing.height, preprocessing.width]
  const width = dims[1] * dims[2] * dims[3]
  const data = new Float32Array(dims[0] * width)
  for await (const { rows, tensor } of imageBatches(images, preprocessing)) {
    for (const [i, row] of rows.entries()) data.set(tensor.data.subarray(i * width, (i + 1) * width), row * width)
  }
  return { images, tensor: { type: 'float32', dims, data } }
}
