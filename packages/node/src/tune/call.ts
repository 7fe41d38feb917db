import type { PreprocessingOptions } from '../images/index.ts'

/** What is asked of `graft tune`, as it was typed. */
export interface TuneCall extends PreprocessingOptions {
  /** An `.onnx` file, or a folder in the layout of Hugging Face. */
  readonly model: string
  /** A folder of images by class, a table, or a file of features. */
  readonly train: string
  /** Rows to choose the epoch by; default: some of the training rows. */
  readonly validation?: string
  /** Rows that only score. */
  readonly test?: string
  /** Labelled rows of the task that the network knows. */
  readonly remember?: string
  /** How many of the first blocks are kept; default: what the strategy keeps. */
  readonly reuse?: string
  /** Id; default `full`. */
  readonly strategy?: string
  /** Default 10. */
  readonly epochs?: number
  /** Rows of each class to learn from, without training: see `few-shot`. */
  readonly shots?: number
  /** The value to put the new head on. */
  readonly features?: string
  /** `NAME=VALUE`: settings of the strategy and of training. */
  readonly settings?: readonly string[]
  /** Whether training images are varied at random; default: where parts of the network are trained. */
  readonly augment?: boolean
  readonly label?: string
  readonly drop?: readonly string[]
  /** Where outputs of frozen parts are kept. */
  readonly cache?: string
  /** Goes on from the checkpoints in the folder of results. */
  readonly resume?: boolean
  readonly figures?: boolean
  /** Default `graft-out`. */
  readonly out?: string
  readonly seed?: number
  readonly threads?: number
  /** The command line that makes it again, for the report. */
  readonly command?: string
}

/** Where tuning says how it goes. */
export interface TuneWatch {
  readonly note: (text: string) => void
  readonly warn: (text: string) => void
  readonly progress: (label: string, done: number, total: number) => void
  /** Runs the writing of results, which an interruption must not cut in two. */
  readonly whole: <T>(work: () => Promise<T>) => Promise<T>
  /** Aborted where the user interrupts: what is best so far is then saved. */
  readonly signal: AbortSignal
}

/** Where results go unless the call says otherwise. */
export const DEFAULT_OUT = 'graft-out'
