import type { Shift } from '../report/report-data.ts'
import type { TrainingOutcome } from './network-training.ts'
import type { FileSummary } from './transfer-data.ts'

/** Scores of the target's predictions: accuracy in 0 … 1, or in regression R² (1 is exact, 0 no better than the mean). */
export interface Scores {
  readonly metric: 'accuracy' | 'r2'
  /** The same classifier on the source, with no transfer; null where source and target have different columns. */
  readonly sourceOnly: number | null
  /** Where they have: the same classifier on the labelled target rows alone. */
  readonly targetOnly?: number
  readonly adapted: number
  /** In regression, the mean absolute and the root mean squared error of the adapted predictions, in the labels' units. */
  readonly mae?: number
  readonly rmse?: number
}

/** What one of several sources gives by itself. */
export interface SourceResult {
  readonly file: string
  readonly rows: number
  /** Score on the target of the classifier fitted to this source alone; null where the target carries no labels. */
  readonly score: number | null
  /** Maximum mean discrepancy between this source and the target, both prepared; null where the columns differ. */
  readonly mmd: number | null
}

/** What one method did: the object that `graft adapt --json` prints. */
export interface Outcome {
  readonly command: 'adapt'
  readonly version: string
  readonly method: string
  /** `network` where the method trains a network, which predicts. */
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
  /** Pairs of rows that were given as known in both domains. */
  readonly pairs?: { readonly file: string; readonly rows: number }
  readonly task: 'classification' | 'regression'
  readonly classes: readonly string[]
  /** Null where the target carries no labels. */
  readonly scores: Scores | null
  /** Each source by itself, where there are several. */
  readonly sources?: readonly SourceResult[]
  /** Weights that the method gave to the sources, where it weighs them. */
  readonly sourceWeights?: readonly number[]
  readonly shift: Shift
  readonly facts: Readonly<Record<string, number | string>>
  /** How training went, where the method trains a network. */
  readonly training?: TrainingOutcome
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
