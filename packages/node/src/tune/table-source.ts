import { didYouMean, InvalidInputError, rowsInMemory, toDense, UNLABELLED } from 'graft-learn'
import { countLabelled, encodeLabels } from '../adapt/label-space.ts'
import type { Table } from '../tables/index.ts'
import type { RowSource } from './row-source.ts'

/**
 * The labelled rows of a table as inputs of a network of `features` numbers a row; rows without a label are left out.
 * Throws `InvalidInputError` for a label that is none of the classes.
 */
export function tableSource(
  table: Table,
  classes: readonly string[],
  features: number,
  warn: (text: string) => void,
): RowSource {
  const { file, labels } = table
  const { rows: count, columns, data } = toDense(table.features)
  if (columns !== features) {
    throw new InvalidInputError(`it has ${columns} features, and the network takes ${features}`, { file })
  }
  if (labels === null || countLabelled(labels) === 0) {
    throw new InvalidInputError('no row has a label: name the label column with --label', { file })
  }
  const stranger = labels.find((label) => label !== null && !classes.includes(label))
  if (stranger !== undefined && stranger !== null) {
    const known = classes.map((name) => `"${name}"`).join(', ')
    throw new InvalidInputError(
      `the label "${stranger}" is none of the classes ${known}${didYouMean(stranger, classes)}: rename it, or leave its rows out`,
      { file },
    )
  }
  const codes = encodeLabels(labels, classes)
  const kept = Int32Array.from({ length: count }, (_, row) => row).filter((row) => codes[row] !== UNLABELLED)
  if (kept.length < count) warn(`${file}: ${count - kept.length} rows have no label: left out`)
  const values = new Float32Array(kept.length * columns)
  kept.forEach((row, i) => {
    values.set(data.subarray(row * columns, (row + 1) * columns), i * columns)
  })
  const inputs = { type: 'float32' as const, dims: [kept.length, columns], data: values }
  return {
    file,
    kind: 'table',
    rows: rowsInMemory(
      inputs,
      kept.map((row) => codes[row]!),
    ),
    skipped: count - kept.length,
    names: null,
  }
}
