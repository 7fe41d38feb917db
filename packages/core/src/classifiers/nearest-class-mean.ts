import { z } from 'zod'
import { affineStage, composeStages, unitRowsStage } from '../onnx/index.ts'
import { weightedMean } from './centred-products.ts'
import { classMeans, distanceModel, toUnitLength } from './class-means.ts'
import { defineClassifier } from './classifier.ts'
import { linearStage } from './linear-stage.ts'
import { trainingRows } from './training-rows.ts'

/**
 * The nearest class mean among rows of unit length: with `u(x) = (x − m) / ‖x − m‖`, `m` being zero or the mean of all
 * training rows, a class is the mean `μ` of its `u`, weighted by the rows' weights, and probabilities are the softmax of
 * `−½‖u(x) − μ‖² / temperature`. Mensink's classifier, whose learnt metric is here a multiple of the identity, on the
 * features of SimpleShot: scaled to unit length (its L2N). SimpleShot's CL2N is centred first, by the mean of the classes that
 * the network was trained on: where such rows are at hand, centre by them beforehand. The mean of a few training rows is a
 * poor stand-in for it, and pays only where all features lie far from zero.
 *
 * It differs from `prototypes` in that rows come to unit length before they are averaged, so that a long row counts no
 * more than a short one. Means keep the length that comes out, shorter for a scattered class.
 *
 * Mensink, Verbeek, Perronnin and Csurka 2013, Distance-Based Image Classification: Generalizing to New Classes at
 * Near-Zero Cost. Wang, Chao, Weinberger and van der Maaten 2019, SimpleShot: Revisiting Nearest-Neighbor Classification
 * for Few-Shot Learning.
 */
export const nearestClassMean = defineClassifier({
  id: 'nearest-class-mean',
  name: 'Nearest class mean',
  summary: 'The nearest mean of rows of unit length, so that long rows count no more: works from one row per class.',
  options: z.object({
    centre: z
      .enum(['none', 'rows'])
      .default('none')
      .describe('what is subtracted before rows come to unit length: nothing, or the mean of the training rows'),
    temperature: z
      .number()
      .positive()
      .default(0.05)
      .describe(
        'what distances are divided by before the softmax: larger gives less certain probabilities and the same classes',
      ),
  }),
  usesWeights: () => true,
  async fit(set, { centre, temperature }) {
    const rows = trainingRows(set, 'none')
    const d = rows.features.columns
    const shift = centre === 'rows' ? weightedMean(rows.features, rows.weights) : new Float64Array(d)
    const means = classMeans(rows, (row) => {
      for (let j = 0; j < d; j++) row[j] -= shift[j]
      toUnitLength(row)
    })
    const model = distanceModel(means, 1 / temperature)
    const around = affineStage(shift, new Float64Array(d).fill(1))
    return composeStages([around, unitRowsStage, linearStage(model, rows.present, rows.classes)])
  },
})
