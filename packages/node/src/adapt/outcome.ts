import type { Shift } from '../report/report-data.ts'
import type { FileSummary } from './transfer-data.ts'

/** Scores of the target's predictions, in 0 … 1. */
export interface Scores {
  readonly metric: 'accuracy'
  /** The same classifier on the source, with no transfer. */
  readonly sourceOnly: number
  readonly adapted: number
}

/** What one method did: the object that `graft adapt --json` prints. */
export interface Outcome {
  readonly command: 'adapt'
  readonly version: string
  readonly method: string
  readonly classifier: string
  /** Settings of the method, defaults filled in. */
  readonly options: Readonly<Record<string, unknown>>
  readonly classifierOptions: Readonly<Record<string, unknown>>
  readonly scale: string
  readonly seed: number
  readonly source: readonly FileSummary[]
  /** `labelled` counts the rows whose labels were used in fitting, so it is 0; `scored` those that were only scored. */
  readonly target: FileSummary & { readonly scored: number }
  /** Target rows whose labels were used in fitting. */
  readonly labelledTarget?: FileSummary
  readonly classes: readonly string[]
  /** Null where the target carries no labels. */
  readonly scores: Scores | null
  readonly shift: Shift
  readonly facts: Readonly<Record<string, number | string>>
  /** `fit` is the method and its classifier alone. */
  readonly seconds: { readonly read: number; readonly fit: number; readonly predict: number; readonly total: number }
  readonly peakMemoryBytes: number
  readonly files: {
    readonly model: string
    readonly predictions: string
    readonly report: string
    readonly figures?: readonly string[]
  }
}

/** Several methods on the same data. */
export interface Comparison {
  readonly command: 'adapt'
  readonly version: string
  readonly seed: number
  readonly classes: readonly string[]
  /** In the asked order. */
  readonly methods: readonly Outcome[]
  readonly files: { readonly report: string; readonly figures?: readonly string[] }
}
