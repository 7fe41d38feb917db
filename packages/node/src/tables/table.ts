import type { Features } from 'graft-learn'

/** What every form of data file is read into. */
export interface Table {
  readonly file: string
  /** Names of the features, in order; `f0`, `f1`, … where the form has none (npz, npy, svmlight). */
  readonly columns: readonly string[]
  /** Whether the file itself names its columns. */
  readonly named: boolean
  /** `n × d`; svmlight stays sparse. Every value is finite. */
  readonly features: Features
  /** `n` class names, null for a row without a label; null where the file has no labels at all. */
  readonly labels: readonly (string | null)[] | null
  /** Those of `ReadTableOptions.drop` that the file had, and that were left out. */
  readonly dropped: readonly string[]
  /** `n` names of rows, such as files of images; absent where rows have none. */
  readonly names?: readonly string[]
  /** What the first feature is numbered in the file; svmlight only. */
  readonly firstIndex?: 0 | 1
}

/** How a data file is read. */
export interface ReadTableOptions {
  /** Name of the label column, `label` when absent; forms without column names do not heed it. */
  readonly label?: string
  /** Whether a file whose columns have names, but not that one, is refused. */
  readonly labelRequired?: boolean
  /** Columns to leave out; names that the file does not have are passed over (see `Table.dropped`). */
  readonly drop?: readonly string[]
  /** svmlight: the known number of features, to widen to; a file that holds more keeps its own. */
  readonly features?: number
  /** svmlight: what the first feature is numbered; by itself 0 where an index 0 occurs, else 1. */
  readonly firstIndex?: 0 | 1
}

/** The options that say which columns are which, out of a call that may leave them out. */
export const columnOptions = ({ label, drop }: ColumnCall): Pick<ReadTableOptions, 'label' | 'drop'> => ({
  ...(label === undefined ? {} : { label }),
  ...(drop === undefined ? {} : { drop }),
})

/** What calls of the command say about columns. */
export interface ColumnCall {
  readonly label?: string
  readonly drop?: readonly string[]
}

/** Reads one form of file, which is known to exist and to hold something. */
export type TableReader = (file: string, options: ReadTableOptions) => Promise<Table>

/** Names for features that have none: `f0`, `f1`, … */
export const featureNames = (count: number): string[] => Array.from({ length: count }, (_, j) => `f${j}`)
