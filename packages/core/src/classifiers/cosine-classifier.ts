import { z } from 'zod'
import { composeStages, unitRowsStage } from '../onnx/index.ts'
import { applyStages } from '../runtime/index.ts'
import { matrix } from '../tensor/index.ts'
import { defineClassifier } from './classifier.ts'
import { fitCosine } from './cosine-fit.ts'
import { linearStage } from './linear-stage.ts'
import { classWeightsOption, iterationsOption, toleranceOption } from './options.ts'
import { spanRows } from './span-rows.ts'
import { trainingRows } from './training-rows.ts'

/**
 * Probabilities are the softmax of `cos(x, v) / temperature`, a direction `v` for each class, found by minimising the
 * weighted mean cross-entropy of the training rows. The second stage of Baseline++ with the backbone frozen; the paper
 * takes 100 steps of gradient descent from random directions, here L-BFGS goes from the class means to a minimum.
 *
 * Chen, Liu, Kira, Wang and Huang 2019, A Closer Look at Few-shot Classification.
 */
export const cosineClassifier = defineClassifier({
  id: 'cosine-classifier',
  name: 'Cosine classifier',
  summary: 'A learnt direction for each class, compared by angle: lengths of rows do not count.',
  options: z.object({
    temperature: z
      .number()
      .positive()
      .default(0.05)
      .describe('what cosines are divided by before the softmax: smaller follows the training rows more'),
    classWeights: classWeightsOption,
    tolerance: toleranceOption(1e-4),
    iterations: iterationsOption,
  }),
  usesWeights: () => true,
  async fit(set, { temperature, classWeights, tolerance, iterations }, { runtime }) {
    const rows = trainingRows(set, classWeights)
    const unit = await applyStages(runtime, [unitRowsStage], rows.features)
    const span = await spanRows(runtime, unit, new Float64Array(unit.columns))
    const inSpan = { ...rows, features: span?.rows ?? unit }
    const found = await fitCosine(runtime, inSpan, { temperature, tolerance, iterations })
    const { rows: d, columns: p, data } = span === undefined ? found : await span.weights(found)
    const weights = matrix(
      d,
      p,
      data.map((value) => value / temperature),
    )
    const model = { weights, intercepts: new Float64Array(p) }
    return composeStages([unitRowsStage, linearStage(model, rows.present, rows.classes)])
  },
})
