/**
 * What a backbone, or a layer of it, is worth for a data set: the share of test images that a network made of it predicts
 * right. Each function takes the same case and gives a number from 0 to 1, so that one can stand for the other.
 *
 * A case has `runtime`, `model` (file), `preset`, `images` (with `folder`, `files`, `labels`, `classes`), `features` (all
 * rows, `n × d`), `part` (row numbers to learn from), `rest` (row numbers to score) and `seed`.
 */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import {
  accuracy,
  affineStage,
  applyStages,
  describeNetwork,
  findClassifier,
  readModel,
  seededRandom,
  takeRows,
} from 'graft-learn'
import { runTune } from '../packages/node/dist/tune/run-tune.js'

/** `tuned` trains the last quarter of the blocks, the others being run once; `full` trains all of them. */
export const accuracies = { frozen, tuned: tuned(0.75), full: tuned(0) }

/** Logistic regression (C 1) on the features, each column scaled to mean 0 and variance 1 on the training rows. */
async function frozen({ runtime, images, features, part, rest, seed }) {
  const training = takeRows(features, part)
  const scale = affineStage(...columnMoments(training))
  const logistic = findClassifier('logistic-regression')
  const set = {
    features: await applyStages(runtime, [scale], training),
    labels: part.map((row) => images.labels[row]),
    classes: images.classes.length,
  }
  const stage = await logistic.fit(set, logistic.options.parse({}), { runtime, random: seededRandom(seed) })
  const probabilities = await applyStages(runtime, [scale, stage], takeRows(features, rest))
  const { columns, data } = probabilities
  const predicted = Int32Array.from(rest, (_, i) => {
    const row = data.subarray(i * columns, (i + 1) * columns)
    return row.indexOf(Math.max(...row))
  })
  return accuracy(
    predicted,
    rest.map((row) => images.labels[row]),
  )
}

/** Shift and scale of each column: its mean, and one over its standard deviation (1 where that is 0). */
function columnMoments({ rows, columns, data }) {
  const mean = new Float64Array(columns)
  data.forEach((value, i) => {
    mean[i % columns] += value / rows
  })
  const variance = new Float64Array(columns)
  data.forEach((value, i) => {
    variance[i % columns] += (value - mean[i % columns]) ** 2 / rows
  })
  return [mean, variance.map((value) => (value > 0 ? 1 / Math.sqrt(value) : 1))]
}

/** `graft tune` with a share of the first blocks kept, on copies of the images in two folders. */
function tuned(kept) {
  return async ({ runtime, model, preset, images, part, rest, seed }) => {
    const { blocks } = await describeNetwork(runtime, readModel(readFileSync(model)))
    const reuse = `${Math.round(kept * blocks.length)}`
    const folder = mkdtempSync(join(tmpdir(), 'graft-ranking-'))
    const copy = (name, rows) => {
      for (const row of rows) {
        const to = join(folder, name, images.files[row])
        mkdirSync(dirname(to), { recursive: true })
        copyFileSync(join(images.folder, images.files[row]), to)
      }
      return join(folder, name)
    }
    try {
      const rows = { train: copy('train', part), test: copy('test', rest) }
      const call = { model, preset, strategy: 'full', reuse, settings: ['views=4'], seed, ...rows }
      const quiet = { note: () => {}, warn: () => {}, progress: () => {}, whole: (work) => work() }
      const signal = new AbortController().signal
      const { scores } = await runTune({ ...call, out: join(folder, 'out') }, { ...quiet, signal })
      return scores.test
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  }
}
