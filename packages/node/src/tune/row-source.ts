import type { TuningRows } from 'graft-learn'

/** Labelled rows to tune on or to score, from a folder of images or a table. */
export interface RowSource {
  readonly file: string
  readonly kind: 'images' | 'table'
  readonly rows: TuningRows
  /** Files left out because they could not be used. */
  readonly skipped: number
  /** What rows are called: files of images; null for rows of a table. */
  readonly names: readonly string[] | null
  /** A small picture of a row, as a data URI. */
  readonly thumbnail?: (row: number) => Promise<string | undefined>
}
