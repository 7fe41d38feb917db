import { InvalidInputError } from 'graft-learn'
import type { ColumnChoice } from './choose-columns.ts'
import { type CsvRecord, csvRecords } from './csv-records.ts'
import { cellFault, isNotFiniteText, isNumberText, textColumnsFault } from './faults.ts'
import { textChunks } from './text-chunks.ts'

/** Throws for the first row that has too few or too many cells, for bad quoting and for text that is not UTF-8. */
export async function explainLayout(file: string, delimiter: string, width: number): Promise<void> {
  let row = 0
  for await (const { line, cells } of csvRecords(file, textChunks(file), delimiter)) {
    if (cells.length !== width) {
      const fault = cells.length < width ? 'few' : 'many'
      throw new InvalidInputError(
        `the row has too ${fault} cells: ${cells.length}, expected ${width} as in the first row (line ${line} of the file): correct it, and put text that holds a delimiter in quotes`,
        { file, row },
      )
    }
    row++
  }
}

/**
 * The fault of a feature cell that is not a finite number (row and feature from 0): a column that holds text
 * throughout is told apart from one bad cell, and all such columns are named.
 */
export async function explainCell(
  file: string,
  delimiter: string,
  choice: ColumnChoice,
  row: number,
  feature: number,
): Promise<InvalidInputError> {
  let record: CsvRecord | undefined
  let at = -1
  let candidates = choice.features.map((_, j) => j)
  const seenText = new Set<number>()
  for await (const { line, cells } of csvRecords(file, textChunks(file), delimiter)) {
    if (at === row) record = { line, cells }
    if (at >= 0) {
      candidates = candidates.filter((j) => {
        const text = (cells[choice.features[j]!] ?? '').trim()
        if (text === '') return true
        seenText.add(j)
        return !isNumberText(text) && !isNotFiniteText(text)
      })
    }
    if (candidates.length === 0 && record !== undefined) break
    at++
  }
  const textColumns = candidates.filter((j) => seenText.has(j)).map((j) => choice.names[j]!)
  if (textColumns.length > 0) return textColumnsFault(file, textColumns)
  const text = record?.cells[choice.features[feature]!] ?? null
  return cellFault({ file, row: row + 1, column: choice.names[feature]!, line: record?.line }, text)
}
