import { InvalidInputError } from 'graft-learn'
import { checkFile } from './check-file.ts'
import { readCsv, readTsv } from './read-csv.ts'
import { readJsonl } from './read-jsonl.ts'
import { readNpy, readNpz } from './read-npz.ts'
import { readParquet } from './read-parquet.ts'
import { readSvmlight } from './read-svmlight.ts'
import type { ReadTableOptions, Table, TableReader } from './table.ts'

const readers: Readonly<Record<string, TableReader>> = {
  '.csv': readCsv,
  '.tsv': readTsv,
  '.parquet': readParquet,
  '.jsonl': readJsonl,
  '.npz': readNpz,
  '.npy': readNpy,
  '.svmlight': readSvmlight,
  '.csv.gz': readCsv,
  '.tsv.gz': readTsv,
  '.ndjson': readJsonl,
  '.libsvm': readSvmlight,
}

/** The endings of the data files that `readTable` knows. */
export const tableExtensions: readonly string[] = Object.keys(readers)

/**
 * Reads a data file of any form, told by its ending (case ignored). Throws `InvalidInputError` with file, row (from 1,
 * header excluded) and column for anything wrong with it.
 */
export async function readTable(file: string, options: ReadTableOptions = {}): Promise<Table> {
  await checkFile(file)
  const lower = file.toLowerCase()
  const extension = tableExtensions.find((ending) => lower.endsWith(ending))
  if (extension === undefined) {
    throw new InvalidInputError(`not a known form of data file: its name must end in ${tableExtensions.join(', ')}`, {
      file,
    })
  }
  return readers[extension]!(file, options)
}
