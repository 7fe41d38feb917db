/** One epoch of a deep method's training. */
export interface DeepEpoch {
  /** Which stage of the method it belongs to. */
  readonly stage: string
  /** Counted from 1 within the stage. */
  readonly epoch: number
  readonly loss: number
  /** Each loss by its name, before its factor, and what is only measured. */
  readonly losses: Readonly<Record<string, number>>
  /** The mean norm of the steps' gradients before clipping. */
  readonly gradientNorm: number | null
  readonly learningRate: number
  /** The maximum mean discrepancy of source and target features; null where it was not measured. */
  readonly discrepancy: number | null
  /** The score without labels that epochs are chosen by; null where the last one counts. */
  readonly score: number | null
  /** Of the target's own labels, which no training sees: the accuracy at the end of the epoch. */
  readonly onlooker: number | null
  readonly seconds: number | null
}

/** How a deep method's training went. */
export interface DeepHistory {
  readonly epochs: readonly DeepEpoch[]
  /** The epoch of the last stage whose weights are kept; 0: those it began with. */
  readonly kept: number
  /** What went wrong, and what to try. */
  readonly warnings: readonly string[]
}
