/** A data file as it was read. */
export interface DomainSummary {
  readonly file: string
  readonly rows: number
  readonly features: number
  /** How many of the rows carry a label. */
  readonly labelled: number
}

/** A file of rows that are known in both domains, and how many pairs it holds. */
export interface PairsSummary {
  readonly file: string
  readonly rows: number
}

/** A row of either domain, projected to the plane. */
export interface ScatterPoint {
  readonly x: number
  readonly y: number
  readonly domain: 'source' | 'target'
  /** Null where the row has no label. */
  readonly className: string | null
  /** Which of several sources a source row is of, from 0. */
  readonly source?: number
}

/** How one class came out: how many rows it has, and precision, recall and F1 in 0 … 1. */
export interface ClassScore {
  readonly name: string
  readonly support: number
  readonly precision: number
  readonly recall: number
  readonly f1: number
}

/** How far apart the domains are: as they are, prepared and before the transfer, and after it; null where columns differ. */
export interface Shift {
  /** Of the features as they are in the files; each column in units of its deviation over both domains. */
  readonly mmdRaw: number | null
  readonly proxyADistanceRaw: number | null
  readonly mmdBefore: number | null
  readonly mmdAfter: number | null
  readonly proxyADistanceBefore: number | null
  readonly proxyADistanceAfter: number | null
}

/** Predicted numbers beside true ones. */
export interface NumbersReport {
  readonly mae: number
  readonly rmse: number
  /** Some rows: the true number and the predicted one. */
  readonly points: readonly { readonly truth: number; readonly predicted: number }[]
}

/** A classifier without transfer that scores are compared with. */
export interface Baseline {
  readonly name: 'source only' | 'target only'
  readonly score: number
}

/** What one of several sources gives by itself, and the weight that the method gave it, where it did. */
export interface SourceReport {
  readonly file: string
  readonly rows: number
  readonly score: number | null
  readonly mmd: number | null
}

/** The epochs of a training, stage after stage. */
export interface TrainingReport {
  readonly epochs: readonly TrainingEpoch[]
  /** The epoch of the last stage whose weights are kept. */
  readonly kept: number
  readonly warnings: readonly string[]
}

export interface TrainingEpoch {
  readonly stage: string
  readonly epoch: number
  readonly losses: Readonly<Record<string, number>>
  readonly discrepancy: number | null
  readonly score: number | null
  /** Accuracy by the target's own labels, which training never sees. */
  readonly onlooker: number | null
}

/** What one method did. Scores are in 0 … 1 (R² may be below), and null where the target has no labels. */
export interface RunReport {
  readonly method: {
    readonly id: string
    readonly name: string
    readonly summary: string
    readonly paper: { readonly authors: string; readonly year: number; readonly title: string } | null
  }
  readonly options: Readonly<Record<string, unknown>>
  readonly facts: Readonly<Record<string, number | string>>
  /** How training went, where a network was trained. */
  readonly training?: TrainingReport
  readonly score: number | null
  readonly balancedAccuracy: number | null
  readonly macroF1: number | null
  readonly calibrationError: number | null
  readonly perClass: readonly ClassScore[] | null
  /** In regression, where the target has labels. */
  readonly numbers?: NumbersReport
  /** A weight for each source, where the method weighs them. */
  readonly sourceWeights?: readonly number[]
  /** Counts: rows are the truth, columns the prediction. */
  readonly confusion: readonly (readonly number[])[] | null
  /** How many target rows were given to each class. */
  readonly predictedCounts: readonly number[]
  readonly shift: Shift
  /** Standardised mean difference of each feature between the domains, largest first, at most 20. */
  readonly featureShifts: readonly { readonly name: string; readonly before: number }[]
  /** The same measure for the first 20 dimensions after the transfer. */
  readonly embeddingShifts: readonly number[]
  readonly scatter: { readonly before: readonly ScatterPoint[]; readonly after: readonly ScatterPoint[] }
  readonly seconds: { readonly fit: number; readonly predict: number; readonly total: number }
}

/** Everything a report says. */
export interface ReportData {
  readonly title: string
  /** The command that makes it again. */
  readonly command: string
  readonly version: string
  readonly seed: number
  readonly scale: string
  readonly classifier: {
    readonly id: string
    readonly name: string
    readonly options: Readonly<Record<string, unknown>>
  }
  /** None in regression. */
  readonly classes: readonly string[]
  readonly sources: readonly DomainSummary[]
  readonly target: DomainSummary
  /** Target rows whose labels were used in fitting. */
  readonly labelledTarget?: DomainSummary
  /** Rows that were given as known in both domains. */
  readonly pairs?: PairsSummary
  /** What the points of scatter plots are coloured by: the classes, or ascending ranges of the numbers to be predicted. */
  readonly groups: readonly string[]
  /** What the scores measure. */
  readonly metric: 'accuracy' | 'R²'
  /** What the scores are compared with; null where the target has no labels. */
  readonly baseline: Baseline | null
  /** Each source by itself, where there are several. */
  readonly perSource?: readonly SourceReport[]
  /** One per method, in the asked order. */
  readonly runs: readonly RunReport[]
}
