import type { DuckDBConnection } from '@duckdb/node-api'
import { InvalidInputError } from 'graft-learn'
import { chooseColumns } from './choose-columns.ts'
import { collectRows, namedTable } from './collect-rows.ts'
import { explainCell, explainLayout } from './csv-faults.ts'
import { readCsvHeader } from './csv-header.ts'
import { sqlColumn, sqlFile, sqlText, withDuckDB } from './duckdb.ts'
import type { ReadTableOptions, Table, TableReader } from './table.ts'

/** Reads a `.csv` or `.csv.gz` file: a first row of names, cells apart by commas. */
export const readCsv: TableReader = (file, options) => readDelimited(file, ',', options)

/** Reads a `.tsv` or `.tsv.gz` file: a first row of names, cells apart by tabs. */
export const readTsv: TableReader = (file, options) => readDelimited(file, '\t', options)

async function readDelimited(file: string, delimiter: string, options: ReadTableOptions): Promise<Table> {
  const names = await readCsvHeader(file, delimiter)
  const choice = chooseColumns(file, names, options)
  const labelled = choice.label !== -1
  const columns = [...choice.features.map(sqlNumber), ...(labelled ? [sqlColumn(choice.label)] : [])]
  // A blank line is an empty cell where there is only one column; elsewhere DuckDB passes over it.
  const where = names.length === 1 ? `where ${sqlColumn(0)} is not null` : ''
  return withDuckDB(async (connection) => {
    const query = (strict: boolean) =>
      `select ${columns.join(', ')} from ${sqlRelation(file, delimiter, names.length, strict)} ${where}`
    const collected = await collect(connection, query, file, delimiter, names.length, {
      width: choice.features.length,
      labelled,
    })
    if ('bad' in collected) {
      const { row, feature } = collected.bad
      throw await explainCell(file, delimiter, choice, row, feature)
    }
    if (collected.features.rows === 0) {
      throw new InvalidInputError('it has a row of column names and no rows of data: expected at least one', { file })
    }
    return namedTable(file, choice, collected)
  })
}

/**
 * Runs the query. When DuckDB refuses the file, our own reading says why; a file that it finds no fault with (line
 * ends of several kinds, which DuckDB's strict mode refuses) is tried again without that mode.
 */
async function collect(
  connection: DuckDBConnection,
  query: (strict: boolean) => string,
  file: string,
  delimiter: string,
  width: number,
  shape: { readonly width: number; readonly labelled: boolean },
) {
  // The header is a row like others here, and skipped: DuckDB's own `header` fails on a byte order mark before a quote.
  const skip = 1
  try {
    return await collectRows(connection, query(true), { ...shape, skip })
  } catch {
    await explainLayout(file, delimiter, width)
  }
  try {
    return await collectRows(connection, query(false), { ...shape, skip })
  } catch {
    throw new InvalidInputError(
      'it cannot be read as a table: check its quotes and line ends, and that no line is over 2 MB',
      {
        file,
      },
    )
  }
}

/**
 * A cell as a number, NaN where it is not one. DuckDB would read `1_000` as 1000; telling the two apart by CASE takes
 * it minutes on 20,000 columns, replacing takes seconds.
 */
const sqlNumber = (position: number): string =>
  `coalesce(try_cast(replace(${sqlColumn(position)}, '_', '?') as double), 'nan')`

/** The file as a relation of texts, with nothing left for DuckDB to guess. */
function sqlRelation(file: string, delimiter: string, width: number, strict: boolean): string {
  const columns = Array.from({ length: width }, (_, j) => `${sqlColumn(j)}: 'VARCHAR'`).join(', ')
  const compression = file.toLowerCase().endsWith('.gz') ? 'gzip' : 'none'
  return `read_csv(${sqlFile(file)}, auto_detect = false, header = false, delim = ${sqlText(delimiter)}, quote = '"',
    escape = '"', comment = '', strict_mode = ${strict}, null_padding = false, hive_partitioning = false,
    compression = '${compression}', columns = {${columns}})`
}
