import { type TuneResult, version } from 'graft-learn'
import type { ModelFile } from '../saved-model/index.ts'
import type { TuneCall } from './call.ts'
import type { TuningPlanned } from './plan-tuning.ts'
import type { TuneSources } from './read-sources.ts'
import type { RowSource } from './row-source.ts'
import type { ScoredRows } from './score-rows.ts'
import type { FileSummary, TuneOutcome } from './tune-result.ts'

export const summaryOf = ({ file, rows, skipped }: RowSource): FileSummary => ({ file, rows: rows.rows, skipped })

/** What tuning did. */
export interface Finished {
  readonly call: TuneCall
  readonly plan: TuningPlanned
  readonly file: ModelFile
  readonly sources: TuneSources
  readonly result: TuneResult
  readonly start?: ScoredRows
  readonly test?: ScoredRows
}

/** What tuning came to, but for times and files. */
export function outcomeOf({
  call,
  plan,
  file,
  sources,
  result,
  start,
  test,
}: Finished): Omit<TuneOutcome, 'seconds' | 'files'> {
  const { depth, epochs, validation, head } = result
  return {
    command: 'tune',
    version,
    model: file.file,
    strategy: plan.strategy.id,
    reuse: depth.reuse,
    blocks: result.blocks.length,
    why: depth.why,
    trials: depth.trials,
    settings: result.settings,
    options: result.options,
    seed: call.seed ?? 0,
    train: summaryOf(sources.training),
    test: sources.test === undefined ? null : summaryOf(sources.test),
    classes: sources.classes,
    trainable: result.trainable,
    epochs: epochs.map(({ losses: _, ...epoch }, i) => ({
      ...epoch,
      // Reading the images and running the frozen part is work of the first epoch: later ones do without.
      seconds: epoch.seconds === null || i > 0 ? epoch.seconds : epoch.seconds + sources.trainingSeconds,
    })),
    bestEpoch: result.epoch,
    refitted: result.refitted,
    scores: {
      metric: 'accuracy',
      validation: validation.accuracy ?? head?.accuracy ?? null,
      test: test?.accuracy ?? null,
      head: { validation: validation.start ?? head?.accuracy ?? null, test: start?.accuracy ?? null },
    },
    forgetting: result.forgetting,
    facts: result.facts,
    interrupted: result.aborted,
  }
}
