import { InvalidInputError } from 'graft-learn'
import { csvRecords } from './csv-records.ts'
import { isNumberText } from './faults.ts'
import { textChunks } from './text-chunks.ts'

/**
 * The names in the first row, trimmed. A packed file is read to its end, so that a damaged one is found out (DuckDB
 * takes what there is of it). Throws `InvalidInputError` where there is no first row, or it holds numbers.
 */
export async function readCsvHeader(file: string, delimiter: string): Promise<readonly string[]> {
  let names: readonly string[] | undefined
  const chunks = textChunks(file)
  for await (const record of csvRecords(file, chunks, delimiter)) {
    names = record.cells.map((name) => name.trim())
    break
  }
  if (names === undefined) {
    throw new InvalidInputError('the file is blank: expected a first row with the names of the columns', { file })
  }
  if (file.toLowerCase().endsWith('.gz')) for await (const _ of textChunks(file));
  // pandas names columns 0, 1, 2, … where they have no names; decimals and signs are data.
  if (names.every(isNumberText) && !names.every((name) => /^\d+$/.test(name))) {
    throw new InvalidInputError('the first row holds numbers, expected the names of the columns: add a row of names', {
      file,
    })
  }
  return names
}
