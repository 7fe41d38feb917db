import { join } from 'node:path'
import { type AdaptResult, writeModel } from 'graft-learn'
import { writeAtomically } from '../files/index.ts'
import { PREPROCESSING_KEY, preprocessingText } from '../images/index.ts'
import { joinModels } from '../saved-model/join-models.ts'
import { writePredictions } from '../tables/index.ts'
import type { TransferData } from './transfer-data.ts'

/**
 * Writes the model and the predictions of one method into `folder`, and says where they are. Where the target's rows were
 * made of images, the model takes images: the backbone stands before it.
 */
export async function writeRun(
  folder: string,
  result: AdaptResult,
  { backbone, names }: Pick<TransferData, 'backbone' | 'names'>,
): Promise<{ readonly model: string; readonly predictions: string }> {
  const model = join(folder, 'model.onnx')
  const predictions = join(folder, 'predictions.csv')
  const whole =
    backbone === undefined
      ? result.model
      : joinModels(backbone.base, result.model, { [PREPROCESSING_KEY]: preprocessingText(backbone.preprocessing) })
  await writeAtomically(model, writeModel(whole))
  await writePredictions(
    predictions,
    result.values === undefined
      ? {
          predictions: Array.from(result.predicted, (index) => result.classes[index]!),
          probabilities: result.probabilities,
          classes: result.classes,
          ...(names === undefined ? {} : { files: names }),
        }
      : { values: result.values },
  )
  return { model, predictions }
}
