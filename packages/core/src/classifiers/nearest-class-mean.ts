import { z } from 'zod'
import { affineStage, composeStages, unitRowsStage } from '../onnx/index.ts'
import { weightedMean } from './centred-products.ts'
import { classMeans, distanceModel, toUnitLength } from './class-means.ts'
import { defineClassifier } from './classifier.ts'
import { linearStage } from './linear-stage.ts'
import { trainingRows } from './training-rows.ts'

/**
 * The nearest class mean among rows of unit length: with `u(x) = (x − m) / ‖x − m‖`, `m` being the mean of all training
 * rows (or zero), a class is the mean `μ` of its `u`, weighted by the rows' weights, and probabilities are the softmax of
 * `−½‖u(x) − μ‖² / temperature`. Mensink's classifier, whose learnt metric is here a multiple of the identity, on the
 * features of SimpleShot: centred and scaled to unit length (its CL2N), or scaled alone (L2N). SimpleShot centres by the
 * mean of the classes that the network was trained on; where those rows are at hand, centre by them beforehand and set
 * `centre` to none.
 *
 * It differs from `prototypes` in that rows come to unit length before they are averaged, so that a long row counts no
 * more than a short one, and in the centring. Means keep the length that comes out, shorter for a scattered class.
 *
 * Mensink, Verbeek, Perronnin and Csurka 2013, Distance-Based Image Classification: Generalizing to New Classes at
 * Near-Zero Cost. Wang, Chao, Weinberger and van der Maaten 2019, SimpleShot: Revisiting Nearest-Neighbor Classification
 * for Few-Shot Learning.
 */
export const nearestClassMean = defineClassifier({
  id: 'nearest-class-mean',
  name: 'Nearest class mean',
  summary: 'The nearest of the classes’ mean directions, around the mean of all rows: works from one row per class.',
  options: z.object({
    centre: z
      .enum(['rows', 'none'])
      .default('rows')
      .describe('what is subtracted before rows come to unit length: the mean of the training rows, or nothing'),
    temperature: z
      .number()
      .positive()
      .default(0.1)
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
