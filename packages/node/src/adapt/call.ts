import type { Scale } from 'graft-learn'
import type { PreprocessingOptions } from '../images/index.ts'

/** What is asked of `graft adapt`, as it was typed. */
export interface AdaptCall extends PreprocessingOptions {
  readonly sources: readonly string[]
  readonly target: string
  readonly labelledTarget?: string
  /** Ids, one or more. */
  readonly methods: readonly string[]
  /** Id; default `nearest-neighbour`, in regression `ridge`. */
  readonly classifier?: string
  /**
   * An `.onnx` file, or a folder that holds one: its features stand for images, and methods that train a network begin
   * with it. These take `lenet` and `mlp` as well.
   */
  readonly backbone?: string
  /** How many of the backbone's blocks methods that train a network keep as they are: a number, or `all`. */
  readonly reuse?: string
  /** Passes over the data of methods that train a network. */
  readonly epochs?: string
  /** Goes on from the checkpoints in the folder of results. */
  readonly resume?: boolean
  /** Where features of images are kept; default: the user's cache folder. */
  readonly cache?: string
  /** Default `classification`. */
  readonly task?: 'classification' | 'regression'
  /** A table of rows that are known in both domains. */
  readonly pairs?: string
  /** Default `zscore`. */
  readonly scale?: Scale
  /** The label column; default `label`. */
  readonly label?: string
  /** Columns to leave out. */
  readonly drop?: readonly string[]
  /** `NAME=VALUE`, `METHOD.NAME=VALUE` or `classifier.NAME=VALUE`. */
  readonly settings?: readonly string[]
  /** Whether the figures are written as files too. */
  readonly figures?: boolean
  /** Default `graft-out`. */
  readonly out?: string
  /** Default 0. */
  readonly seed?: number
  readonly threads?: number
  /** The command line that makes it again, for the report. */
  readonly command?: string
}

/** Where the work says how it goes. */
export interface Hooks {
  readonly note: (text: string) => void
  readonly warn: (text: string) => void
  readonly progress: (label: string, done: number, total: number) => void
  /** Runs the writing of results, which an interruption must not cut in two. */
  readonly whole: <T>(work: () => Promise<T>) => Promise<T>
  /** A method's files are on disk. */
  readonly saved: (method: string, folder: string) => void
}
