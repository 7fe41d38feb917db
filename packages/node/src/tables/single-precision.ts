import { InvalidInputError, isSparse } from 'graft-learn'
import type { Table } from './table.ts'

/**
 * Rounds a table's features to float32, in place: what a saved model takes as its input, so that what is fitted and
 * scored here is what the model will see. Throws `InvalidInputError` for a value beyond float32.
 */
export function toSinglePrecision(table: Table): Table {
  const { features } = table
  const values = isSparse(features) ? features.values : features.data
  for (let k = 0; k < values.length; k++) {
    const rounded = Math.fround(values[k]!)
    if (!Number.isFinite(rounded)) throw tooLarge(table, k, values[k]!)
    values[k] = rounded
  }
  return table
}

function tooLarge({ file, columns, named, features }: Table, at: number, value: number): InvalidInputError {
  const [row, column] = isSparse(features)
    ? [features.starts.findIndex((start) => start > at), features.indices[at]!]
    : [Math.floor(at / features.columns) + 1, at % features.columns]
  return new InvalidInputError(
    `the value is ${value}, and models take float32, which ends at 3.4e38: scale the column${named ? ', or leave it out with --drop' : ''}`,
    { file, row, column: columns[column] ?? `f${column}` },
  )
}
