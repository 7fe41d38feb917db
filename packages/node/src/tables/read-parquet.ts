import type { DuckDBConnection } from '@duckdb/node-api'
import { InvalidInputError } from 'graft-learn'
import { type ColumnChoice, chooseColumns } from './choose-columns.ts'
import { collectRows, namedTable } from './collect-rows.ts'
import { sqlColumn, sqlFile, withDuckDB } from './duckdb.ts'
import { missingFault, notFiniteFault, textColumnsFault } from './faults.ts'
import type { TableReader } from './table.ts'

/** Reads a `.parquet` file: numbers of any type, and booleans as 0 and 1; the label may be text; pandas' index is left out. */
export const readParquet: TableReader = (file, options) =>
  withDuckDB(async (connection) => {
    const { names, types } = await refusing(file, () => readSchema(connection, file))
    const indexes = names.filter((name) => /^__index_level_\d+__$/.test(name))
    const choice = chooseColumns(file, names, { ...options, drop: [...(options.drop ?? []), ...indexes] })
    checkTypes(file, choice, types)
    const labelled = choice.label !== -1
    const relation = `read_parquet(${sqlFile(file)}, hive_partitioning = false) as t(${names.map((_, j) => sqlColumn(j)).join(', ')})`
    const columns = choice.features.map((j) => `coalesce(cast(${sqlColumn(j)} as double), 'nan')`)
    if (labelled) columns.push(`cast(${sqlColumn(choice.label)} as varchar)`)
    const collected = await refusing(file, () =>
      collectRows(connection, `select ${columns.join(', ')} from ${relation}`, {
        width: choice.features.length,
        labelled,
      }),
    )
    if ('bad' in collected) {
      const { row, feature } = collected.bad
      const cell = `cast(${sqlColumn(choice.features[feature]!)} as varchar)`
      const [[text = null] = []] = await rowsOf(connection, `select ${cell} from ${relation} limit 1 offset ${row}`)
      const place = { file, row: row + 1, column: choice.names[feature]! }
      throw text === null ? missingFault(place) : notFiniteFault(place, text)
    }
    if (collected.features.rows === 0) throw new InvalidInputError('it has no rows: expected at least one', { file })
    return namedTable(file, choice, collected)
  })

const numberTypes = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\(.*\)|BOOLEAN)$/
const textTypes = /^(VARCHAR|ENUM.*|BLOB|UUID|JSON)$/

/** Names as the file has them (DuckDB renames doubles) and DuckDB's types. */
async function readSchema(connection: DuckDBConnection, file: string) {
  const described = await rowsOf(
    connection,
    `describe select * from read_parquet(${sqlFile(file)}, hive_partitioning = false)`,
  )
  const schema = await rowsOf(connection, `select name, num_children::varchar from parquet_schema(${sqlFile(file)})`)
  const names: string[] = []
  for (let at = 1; at < schema.length; at = endOfField(schema, at)) names.push(schema[at]![0] ?? '')
  return { names, types: described.map(([, type]) => type ?? '') }
}

/** The schema is a tree written depth first: the position after the field at `at` and all inside it. */
function endOfField(schema: readonly (readonly (string | null)[])[], at: number): number {
  let end = at + 1
  for (let child = 0; child < Number(schema[at]![1] ?? 0); child++) end = endOfField(schema, end)
  return end
}

function checkTypes(file: string, choice: ColumnChoice, types: readonly string[]): void {
  const texts = choice.features.filter((j) => textTypes.test(types[j]!))
  if (texts.length > 0) {
    throw textColumnsFault(
      file,
      texts.map((j) => choice.names[choice.features.indexOf(j)]!),
    )
  }
  choice.features.forEach((j, feature) => {
    if (!numberTypes.test(types[j]!)) throw textColumnsFault(file, [choice.names[feature]!], describeType(types[j]!))
  })
  const label = types[choice.label]
  if (label !== undefined && /[[(]/.test(label) && !/^(DECIMAL|ENUM)/.test(label)) {
    throw new InvalidInputError('the label column holds lists or structures, expected text, numbers or booleans', {
      file,
    })
  }
}

const describeType = (type: string): string => (/[[(]/.test(type) ? 'nested' : type.toLowerCase())

async function rowsOf(connection: DuckDBConnection, sql: string): Promise<(string | null)[][]> {
  return (await connection.runAndReadAll(sql)).getRowsJson() as (string | null)[][]
}

async function refusing<T>(file: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof InvalidInputError) throw error
    throw new InvalidInputError('it is not a Parquet file, or is damaged or cut short: fetch or write it again', {
      file,
    })
  }
}
