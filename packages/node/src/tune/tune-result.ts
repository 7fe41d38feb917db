import type { Forgetting, TunedEpoch } from 'graft-learn'

/** What `graft tune --json` prints. */
export interface TuneOutcome {
  readonly command: 'tune'
  readonly version: string
  readonly model: string
  readonly strategy: string
  /** How many of the network's first blocks were kept, of how many, and why. */
  readonly reuse: number
  readonly blocks: number
  readonly why: string
  readonly trials: readonly { readonly reuse: number; readonly accuracy: number; readonly seconds: number }[]
  readonly settings: Readonly<Record<string, unknown>>
  readonly options: Readonly<Record<string, unknown>>
  readonly seed: number
  readonly train: FileSummary
  readonly test: FileSummary | null
  readonly classes: readonly string[]
  readonly trainable: { readonly parameters: number; readonly tensors: number }
  readonly epochs: readonly Pick<TunedEpoch, 'epoch' | 'loss' | 'trainAccuracy' | 'validationAccuracy' | 'seconds'>[]
  /** How many epochs the weights went through; 0: they are those of the head on fixed features. */
  readonly bestEpoch: number
  readonly refitted: boolean
  readonly scores: {
    readonly metric: 'accuracy'
    /** On rows held out of the training rows; by cross-validation where none are held out. */
    readonly validation: number | null
    readonly test: number | null
    /** The same of the head on fixed features. */
    readonly head: { readonly validation: number | null; readonly test: number | null }
  }
  readonly forgetting: Forgetting | null
  readonly facts: Readonly<Record<string, number | string>>
  readonly interrupted: boolean
  readonly seconds: {
    readonly read: number
    readonly base: number
    readonly head: number
    readonly depth: number
    readonly train: number
    readonly total: number
  }
  readonly files: {
    readonly model: string
    readonly predictions?: string
    readonly report?: string
    readonly figures?: readonly string[]
  }
}

export interface FileSummary {
  readonly file: string
  readonly rows: number
  /** Rows that could not be used. */
  readonly skipped: number
}
