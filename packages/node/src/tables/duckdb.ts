import { resolve } from 'node:path'
import type { DuckDBConnection } from '@duckdb/node-api'

/**
 * Runs `work` on a database of its own, in memory, that writes nothing and loads nothing, and closes it. One thread:
 * measured on 50,000 × 256 of csv it takes as long as two (2.1 s) with a fifth less memory.
 */
export async function withDuckDB<T>(work: (connection: DuckDBConnection) => Promise<T>): Promise<T> {
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const instance = await DuckDBInstance.create(':memory:', {
    threads: '1',
    temp_directory: '',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  })
  try {
    const connection = await instance.connect()
    try {
      return await work(connection)
    } finally {
      connection.closeSync()
    }
  } finally {
    instance.closeSync()
  }
}

/** A text as SQL. */
export const sqlText = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** The name of one file as SQL: DuckDB would take `*`, `?` and `[` for patterns. */
export const sqlFile = (file: string): string => sqlText(resolve(file).replace(/[*?[]/g, '[$&]'))

/** The SQL name of the column at a position: names of our own, as SQL ignores case and a file does not. */
export const sqlColumn = (position: number): string => `c${position}`
