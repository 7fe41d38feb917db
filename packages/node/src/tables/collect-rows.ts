import type { DuckDBConnection, DuckDBVector } from '@duckdb/node-api'
import { type Matrix, matrix } from 'graft-learn'
import type { ColumnChoice } from './choose-columns.ts'
import { classNames } from './labels.ts'
import { firstNotFinite } from './not-finite.ts'
import type { Table } from './table.ts'

/** The rows of a query, or the first cell (row and feature from 0) that is not a finite number. */
export type Collected =
  | { readonly features: Matrix; readonly labels: (string | null)[] }
  | { readonly bad: { readonly row: number; readonly feature: number } }

/**
 * Runs a query of `width` DOUBLE columns, and a VARCHAR one when `labelled`, into a matrix, passing over the first
 * `skip` rows. Cells that are no number must come as NaN. Not streamed: a streamed
 * result ends without an error at a row that cannot be read.
 */
export async function collectRows(
  connection: DuckDBConnection,
  query: string,
  { width, labelled, skip = 0 }: { readonly width: number; readonly labelled: boolean; readonly skip?: number },
): Promise<Collected> {
  const result = await connection.run(query)
  const blocks: Float64Array[] = []
  const labels: (string | null)[] = []
  let rows = 0
  let toSkip = skip
  for (;;) {
    const chunk = await result.fetchChunk()
    if (chunk === null || chunk.rowCount === 0) break
    const from = Math.min(toSkip, chunk.rowCount)
    toSkip -= from
    const count = chunk.rowCount - from
    const block = new Float64Array(count * width)
    for (let j = 0; j < width; j++) {
      const items = itemsOf(chunk.getColumnVector(j))
      for (let i = 0; i < count; i++) block[i * width + j] = items[from + i]!
    }
    const bad = firstNotFinite(block)
    if (bad !== -1) return { bad: { row: rows + Math.floor(bad / width), feature: bad % width } }
    if (labelled) {
      const vector = chunk.getColumnVector(width)
      for (let i = from; i < chunk.rowCount; i++) labels.push(vector.getItem(i) as string | null)
    }
    blocks.push(block)
    rows += count
  }
  return { features: joined(blocks, rows, width), labels }
}

function joined(blocks: Float64Array[], rows: number, width: number): Matrix {
  const features = matrix(rows, width)
  let offset = 0
  for (const block of blocks) {
    features.data.set(block, offset)
    offset += block.length
  }
  return features
}

/**
 * The numbers of a DOUBLE vector. They lie in a typed array that the declarations call private; asking for one at a
 * time, the only public way, is the fallback.
 */
function itemsOf(vector: DuckDBVector): ArrayLike<number> {
  const items: unknown = Reflect.get(vector, 'items')
  if (items instanceof Float64Array) return items
  return Float64Array.from({ length: vector.itemCount }, (_, i) => vector.getItem(i) as number)
}

/** The table of a file whose columns have names, out of the rows that were collected from those chosen. */
export const namedTable = (
  file: string,
  choice: ColumnChoice,
  rows: Exclude<Collected, { readonly bad: unknown }>,
): Table => ({
  file,
  columns: choice.names,
  named: true,
  features: rows.features,
  labels: choice.label === -1 ? null : classNames(rows.labels),
  dropped: choice.dropped,
})
