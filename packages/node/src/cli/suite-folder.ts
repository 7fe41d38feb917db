import { existsSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

/**
 * The folder that a suite's files (`digits/usps1800.npz`) are relative to, where `data` is that folder or the one that
 * the files themselves lie in; `data` as it is where neither holds them.
 */
export function suiteFolder(data: string, files: readonly string[]): string {
  const holds = (folder: string): boolean => files.every((file) => existsSync(join(folder, file)))
  const above = dirname(resolve(data))
  return !holds(data) &&
    files.length > 0 &&
    files.every((file) => join(above, file).startsWith(resolve(data))) &&
    holds(above)
    ? above
    : data
}
