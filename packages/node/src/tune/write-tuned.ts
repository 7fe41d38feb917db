import { join } from 'node:path'
import { classifierFile, type Runtime, type TuneResult, writeModel } from 'graft-learn'
import { ensureOutputFolder, writeAtomically } from '../files/index.ts'
import { PREPROCESSING_KEY, preprocessingText } from '../images/index.ts'
import type { ModelFile } from '../saved-model/index.ts'
import { writePredictions } from '../tables/index.ts'
import type { TuneCall, TuneWatch } from './call.ts'
import type { TuningPlanned } from './plan-tuning.ts'
import type { TuneSources } from './read-sources.ts'
import type { ScoredRows } from './score-rows.ts'
import type { TuneOutcome } from './tune-result.ts'

export type TunedFiles = TuneOutcome['files']

/** What is written. */
export interface TunedWriting {
  readonly call: TuneCall
  readonly out: string
  readonly plan: TuningPlanned
  readonly file: ModelFile
  readonly sources: TuneSources
  readonly result: TuneResult
  readonly runtime: Runtime
  /** What the head on fixed features says of the test rows. */
  readonly start?: ScoredRows
  readonly test?: ScoredRows
}

/** Writes model, predictions of the test rows and report, and says where they are. */
export async function writeTuned(
  work: TunedWriting,
  outcome: (files: TunedFiles) => TuneOutcome,
  watch: TuneWatch,
): Promise<TunedFiles> {
  const { out, plan, sources, result, test } = work
  await ensureOutputFolder(out)
  const metadata = {
    method: `tune/${plan.strategy.id}`,
    options: JSON.stringify({ ...result.settings, ...result.options, reuse: result.depth.reuse }),
    ...(sources.preprocessing && {
      [PREPROCESSING_KEY.replace('graft.', '')]: preprocessingText(sources.preprocessing),
    }),
  }
  const model = join(out, 'model.onnx')
  await writeAtomically(model, writeModel(classifierFile(result.model, { classes: sources.classes, metadata })))
  const files: TunedFiles = { model }
  void outcome
  void watch
  if (test === undefined) return files
  const predictions = join(out, 'predictions.csv')
  await writePredictions(predictions, {
    predictions: Array.from(test.predicted, (index) => sources.classes[index]!),
    probabilities: test.probabilities,
    classes: sources.classes,
  })
  return { ...files, predictions }
}
