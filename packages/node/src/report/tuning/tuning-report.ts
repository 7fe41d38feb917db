import type { ClassScore } from '../report-data.ts'

/** A file or folder of rows. */
export interface RowsSummary {
  readonly file: string
  readonly rows: number
  /** Rows that could not be used. */
  readonly skipped: number
}

/** Shares in 0 … 1; null where nothing was scored. */
export interface TunedScores {
  readonly validation: number | null
  readonly test: number | null
}

/** What tuning did, in the words of `graft tune --json`: an outcome of it may be handed on as it is. */
export interface TunedRun {
  readonly version: string
  readonly seed: number
  /** The pretrained network's file. */
  readonly model: string
  /** How many of its first blocks were kept as they are, of how many, and why. */
  readonly reuse: number
  readonly blocks: number
  readonly why: string
  /** The depths that were tried, where they were compared; `loss` is that on the rows held out. */
  readonly trials: readonly {
    readonly reuse: number
    readonly accuracy: number
    readonly seconds: number
    readonly loss?: number
    readonly epochs?: number
  }[]
  readonly settings: Readonly<Record<string, unknown>>
  readonly options: Readonly<Record<string, unknown>>
  readonly train: RowsSummary
  readonly test: RowsSummary | null
  readonly classes: readonly string[]
  readonly trainable: { readonly parameters: number; readonly tensors: number }
  readonly epochs: readonly {
    /** Counted from 1. */
    readonly epoch: number
    readonly loss: number
    /** Each loss by its name, before its weight, where there are several. */
    readonly losses?: Readonly<Record<string, number>>
    readonly trainAccuracy: number
    readonly validationAccuracy: number | null
    /** The cross-entropy on the rows held out. */
    readonly validationLoss?: number | null
    readonly seconds: number | null
  }[]
  /** The epoch whose weights were kept; 0: the head on fixed features. */
  readonly bestEpoch: number
  /** Whether the weights are those of a second training, on all rows. */
  readonly refitted: boolean
  readonly interrupted: boolean
  /** `head` is the classifier on fixed features that training started from. */
  readonly scores: TunedScores & { readonly head: TunedScores }
  /** The old task's accuracy; null where no rows of it were given. */
  readonly forgetting: { readonly rows: number; readonly before: number; readonly after: number } | null
  readonly facts: Readonly<Record<string, number | string>>
  /** By the part of the work. */
  readonly seconds: Readonly<Record<string, number>>
}

/** A row that was predicted wrongly. */
export interface Mistake {
  /** What the row is called: a file, or its number. */
  readonly file: string
  readonly truth: string
  readonly predicted: string
  /** Of the predicted class. */
  readonly probability: number
  /** A small picture as a data URI. */
  readonly thumbnail?: string
}

/** Predictions of labelled rows that were not trained on. */
export interface ScoredReport {
  /** Whose predictions they are, as `test rows` or `rows held out`. */
  readonly rows: string
  /** Counts: rows are the truth, columns the prediction. */
  readonly confusion: readonly (readonly number[])[]
  readonly perClass: readonly ClassScore[]
  /** The surest first. */
  readonly mistakes: readonly Mistake[]
  /** How many mistakes there are in all. */
  readonly wrong: number
}

/** A row in a plane of two principal components. */
export interface EmbeddedPoint {
  readonly x: number
  readonly y: number
  readonly className: string
}

/** Where rows lie with the pretrained weights and with the tuned ones. */
export interface EmbeddingReport {
  /** Whose rows they are, as `test rows`. */
  readonly rows: string
  readonly before: readonly EmbeddedPoint[]
  readonly after: readonly EmbeddedPoint[]
}

/** Everything that a report on fine-tuning says. */
export interface TuningReportData {
  readonly title: string
  /** The command that makes it again. */
  readonly command: string
  readonly strategy: {
    readonly id: string
    readonly name: string
    readonly summary: string
    readonly paper: { readonly authors: string; readonly year: number; readonly title: string } | null
  }
  readonly run: TunedRun
  /** Null where no labelled rows were kept aside. */
  readonly scored: ScoredReport | null
  readonly embedding: EmbeddingReport | null
}
