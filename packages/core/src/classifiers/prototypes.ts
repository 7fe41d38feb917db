import { z } from 'zod'
import { affineStage, composeStages, type Stage, unitRowsStage } from '../onnx/index.ts'
import { type Matrix, matrix, rowOf } from '../tensor/index.ts'
import { classMeans, distanceModel, scaledTranspose, toUnitLength } from './class-means.ts'
import { defineClassifier } from './classifier.ts'
import { linearStage } from './linear-stage.ts'
import { type TrainingRows, trainingRows } from './training-rows.ts'

/**
 * A class is the mean `c` of its rows, weighted by their weights, and a row's probabilities are the softmax of
 * `−‖x − c‖² / temperature`, or of `−(1 − cos(x, c)) / temperature`: prototypical networks with the embedding left as it
 * is. How many rows a class has does not count. With Euclidean distances this is a linear classifier, as the paper shows.
 * The paper learns the embedding's scale together with the rest, and its temperature is 1; here the scale is the backbone's,
 * so that the default is a share of the distances there are.
 *
 * Snell, Swersky and Zemel 2017, Prototypical Networks for Few-shot Learning.
 */
export const prototypes = defineClassifier({
  id: 'prototypes',
  name: 'Class prototypes',
  summary: 'Each class is the mean of its rows, and the nearest mean wins: works from one row per class.',
  options: z.object({
    metric: z.enum(['euclidean', 'cosine']).default('euclidean').describe('distance between rows and prototypes'),
    temperature: z
      .number()
      .positive()
      .nullable()
      .default(null)
      .describe(
        'what distances are divided by before the softmax: larger gives less certain probabilities and the same classes; null: a tenth of the mean squared distance between two prototypes with euclidean, 0.05 with cosine',
      ),
  }),
  usesWeights: () => true,
  async fit(set, { metric, temperature }) {
    const rows = trainingRows(set, 'none')
    return metric === 'euclidean' ? euclideanStage(rows, temperature) : cosineStage(rows, temperature ?? 0.05)
  },
})

/** Around the mean of the prototypes, so that what they have in common costs no digits. */
function euclideanStage(rows: TrainingRows, temperature: number | null): Stage {
  const means = classMeans(rows)
  const centre = meanOf(means)
  for (let k = 0; k < means.rows; k++) {
    const mean = rowOf(means, k)
    for (let j = 0; j < mean.length; j++) mean[j] -= centre[j]
  }
  const model = distanceModel(means, 2 / (temperature ?? usualTemperature(means)))
  const around = affineStage(centre, new Float64Array(centre.length).fill(1))
  return composeStages([around, linearStage(model, rows.present, rows.classes)])
}

/** A tenth of the mean squared distance between two of the means, which are given around theirs; 1 where that is zero. */
function usualTemperature(means: Matrix): number {
  const squares = means.data.reduce((sum, value) => sum + value * value, 0)
  return squares === 0 ? 1 : (0.1 * 2 * squares) / (means.rows - 1)
}

function cosineStage(rows: TrainingRows, temperature: number): Stage {
  const means = classMeans(rows)
  for (let k = 0; k < means.rows; k++) toUnitLength(rowOf(means, k))
  const model = { weights: scaledTranspose(means, 1 / temperature), intercepts: new Float64Array(means.rows) }
  return composeStages([unitRowsStage, linearStage(model, rows.present, rows.classes)])
}

function meanOf(rows: Matrix): Float64Array {
  const mean = matrix(1, rows.columns).data
  for (let i = 0; i < rows.rows; i++) {
    const row = rowOf(rows, i)
    for (let j = 0; j < row.length; j++) mean[j] += row[j] / rows.rows
  }
  return mean
}
