import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { InvalidInputError } from 'graft-learn'
import { afterAll, expect } from 'vitest'
import { readTable } from '../../src/tables/read-table.ts'
import type { ReadTableOptions } from '../../src/tables/table.ts'

/** A folder for the files of one test file, removed at its end. */
export function temporaryFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'graft-tables-'))
  afterAll(() => rmSync(folder, { recursive: true }))
  return {
    path: (name: string) => join(folder, name),
    write: (name: string, content: string | Uint8Array): string => {
      writeFileSync(join(folder, name), content)
      return join(folder, name)
    },
  }
}

/** Expects the file to be refused: the message begins with the file and has all of `parts`. */
export async function expectFault(file: string, parts: readonly (string | RegExp)[], options?: ReadTableOptions) {
  const failure = await readTable(file, options).then(
    () => new Error('it was read'),
    (error) => error,
  )
  expect(failure, String(failure)).toBeInstanceOf(InvalidInputError)
  expect(failure.message.startsWith(file)).toBe(true)
  for (const part of parts) expect(failure.message).toMatch(part)
  expect(failure.message).not.toMatch(/strict_mode|read_csv|duckdb/i)
}

/** The public data sets, where they lie beside the checkout. */
export const dataFolder: string =
  process.env.GRAFT_DATA ?? fileURLToPath(new URL('../../../../../shared/data', import.meta.url))
