import { join } from 'node:path'
import { classifierFile, type Runtime, type TuneResult, writeModel } from 'graft-learn'
import { ensureOutputFolder, writeAtomically } from '../files/index.ts'
import { PREPROCESSING_KEY, preprocessingText } from '../images/index.ts'
import { canDrawText } from '../report/index.ts'
import { renderTuningReport, writeTuningFigures } from '../report/tuning/index.ts'
import type { ModelFile } from '../saved-model/index.ts'
import { writePredictions } from '../tables/index.ts'
import type { TuneCall, TuneWatch } from './call.ts'
import type { TuningPlanned } from './plan-tuning.ts'
import type { TuneSources } from './read-sources.ts'
import type { ScoredRows } from './score-rows.ts'
import type { TuneOutcome } from './tune-result.ts'
import { tuningData } from './tuning-data.ts'

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
  const { call, out, plan, sources, result, test } = work
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
  const predictions = test === undefined ? undefined : join(out, 'predictions.csv')
  if (predictions !== undefined && test !== undefined) {
    await writePredictions(predictions, {
      predictions: Array.from(test.predicted, (index) => sources.classes[index]!),
      probabilities: test.probabilities,
      classes: sources.classes,
    })
  }
  const report = join(out, 'report.html')
  const files: TunedFiles = { model, ...(predictions && { predictions }), report }
  const data = await tuningData(work, outcome(files))
  await writeAtomically(report, renderTuningReport(data))
  if (call.figures !== true) return files
  if (!(await canDrawText())) watch.warn('no typeface was found: the text of the figures is missing')
  return { ...files, figures: await writeTuningFigures(join(out, 'figures'), data) }
}
