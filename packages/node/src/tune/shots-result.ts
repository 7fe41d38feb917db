import type { FewShotSummary } from '../few-shot/index.ts'
import type { FileSummary } from './tune-result.ts'

/** What `graft tune --shots K --json` prints: as without `--shots`, and how classifiers did over the episodes. */
export interface ShotsOutcome {
  readonly command: 'tune'
  readonly version: string
  readonly model: string
  readonly strategy: 'few-shot'
  readonly reuse: number
  readonly blocks: number
  readonly shots: number
  readonly seed: number
  readonly train: FileSummary
  readonly test: FileSummary | null
  readonly classes: readonly string[]
  readonly trainable: { readonly parameters: 0; readonly tensors: 0 }
  readonly epochs: readonly []
  /** `validation` is the mean over the episodes. */
  readonly scores: { readonly metric: 'accuracy'; readonly validation: number | null; readonly test: number | null }
  readonly fewShot: FewShotSummary
  readonly seconds: { readonly read: number; readonly fit: number; readonly total: number }
  readonly files: { readonly model: string; readonly predictions?: string; readonly report: string }
}
