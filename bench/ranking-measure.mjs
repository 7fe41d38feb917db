/** The measurements of ranking.mjs: scores and accuracies of three networks on four folders of images. */
import { join } from 'node:path'
import { matrix, nodeRuntime, seededRandom, splitRows, transferabilityScores } from 'graft-learn'
import { baseOutputs } from '../packages/node/dist/feature-cache/index.js'
import { batchDims, preprocessingOf, readImageFolder } from '../packages/node/dist/images/index.js'
import { placesOf } from '../packages/node/dist/rank/places.js'
import { scorePlace } from '../packages/node/dist/rank/score-place.js'
import { readModelFile } from '../packages/node/dist/saved-model/index.js'
import { accuracies } from './ranking-accuracy.mjs'

export const backbones = {
  'MobileNetV1 0.25': { file: 'mobilenet_v1_0.25_224.onnx', preset: 'mobilenet' },
  'MobileNetV2 0.35': { file: 'mobilenet_v2_0.35_224_features.onnx', preset: 'mobilenet' },
  'SqueezeNet 1.0': { file: 'squeezenet_v1.0.onnx', preset: 'caffe' },
}
export const domains = ['amazon', 'caltech10', 'dslr', 'webcam']
/** Of the places to cut a network, one in so many is ranked, counted from the last. */
const LAYER_STEP = 3

/**
 * `rows`: each backbone in each domain, with each number of images per class (`sizes`) and each seed; `layers`: the places
 * to cut, where asked for. Says on standard error how far it is.
 */
export async function measureAll({ data, sizes, seeds, kinds, withLayers }) {
  const runtime = await nodeRuntime()
  const rows = []
  const layers = []
  for (const domain of domains) {
    const images = await readImageFolder(join(data, 'office-caltech10-images', domain))
    const splits = sizes.flatMap((size) => Array.from({ length: seeds }, (_, seed) => splitOf(images, size, seed)))
    for (const [backbone, { file, preset }] of Object.entries(backbones)) {
      const network = await runNetwork(runtime, join(data, 'backbones', file), preset, images, withLayers)
      const last = network.cut.places.at(-1)
      for (const { counts, ...split } of splits) {
        rows.push({ domain, backbone, ...counts, ...(await measure(runtime, network, last, split, kinds)) })
        console.error(
          `${domain}, ${backbone}, ${counts.size} per class, seed ${counts.seed}: ${shares(rows.at(-1).accuracy)}`,
        )
      }
      if (!withLayers) continue
      for (const place of network.cut.places.filter((_, i, all) => (all.length - 1 - i) % LAYER_STEP === 0)) {
        const measured = await measure(runtime, network, place, splits[0], ['frozen'])
        layers.push({ domain, backbone, block: place.block, ...measured })
      }
      console.error(`${domain}, ${backbone}: layers`)
    }
  }
  await runtime.release()
  return { rows, layers }
}

/** The same images to learn from for every network. */
function splitOf(images, size, seed) {
  const smallest = Math.min(...images.classes.map((_, c) => images.labels.filter((label) => label === c).length))
  const perClass = Math.min(size, smallest - 1)
  const { part, rest } = splitRows(images.labels, { perClass }, seededRandom(seed).fork('ranking'))
  return { part, rest, seed, counts: { size, seed, perClass, training: part.length, test: rest.length } }
}

async function runNetwork(runtime, path, preset, images, withLayers) {
  const { model, file } = await readModelFile(path)
  const preprocessing = await preprocessingOf(file, model, { preset })
  const cut = await placesOf(runtime, model, batchDims(preprocessing, 1).slice(1), withLayers)
  const { outputs, skipped } = await baseOutputs(runtime, cut.base, images, preprocessing, { warn: console.error })
  if (skipped.length > 0) throw new Error(`${skipped.length} images of ${images.folder} cannot be used`)
  return { file, preset, images, cut, rows: outputs.data }
}

/** Scores a place on the training rows, and measures what it is worth on the others. */
async function measure(runtime, { file, preset, images, cut, rows }, place, { part, rest, seed }, asked) {
  const features = columns(rows, cut.width, place.columns)
  const training = new Float32Array(part.length * cut.width)
  part.forEach((row, i) => {
    training.set(rows.subarray(row * cut.width, (row + 1) * cut.width), i * cut.width)
  })
  const labels = part.map((row) => images.labels[row])
  const goal = { task: 'classification', rows: part.length, labels, classes: images.classes }
  const context = { runtime, seed, scores: transferabilityScores, file }
  const { scores } = await scorePlace(cut, place, training, goal, context)
  const accuracy = {}
  for (const kind of asked) {
    accuracy[kind] = await accuracies[kind]({ runtime, model: file, preset, images, features, part, rest, seed })
  }
  return { width: features.columns, scores, accuracy }
}

function columns(rows, width, [from, to]) {
  const count = rows.length / width
  const result = matrix(count, to - from)
  for (let i = 0; i < count; i++) result.data.set(rows.subarray(i * width + from, i * width + to), i * (to - from))
  return result
}

function shares(accuracy) {
  return Object.entries(accuracy)
    .map(([kind, share]) => `${kind} ${(100 * share).toFixed(1)}`)
    .join(', ')
}
