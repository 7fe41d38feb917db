import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/**
 * Removes the folders in `folder` that were not used for longest until all together take at most `limit` bytes; `keep`
 * stays in any case. Gives the number of folders removed. Faults are passed over: another process may be at work.
 */
export async function trimCache(folder: string, limit: number, keep: string): Promise<number> {
  const entries = []
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name)
    const found = await stat(path).catch(() => undefined)
    if (found?.isDirectory()) entries.push({ name, path, used: found.mtimeMs, bytes: await sizeOf(path) })
  }
  let total = entries.reduce((sum, { bytes }) => sum + bytes, 0)
  let removed = 0
  for (const { name, path, bytes } of entries.sort((a, b) => a.used - b.used)) {
    if (total <= limit) break
    if (name === keep) continue
    await rm(path, { recursive: true, force: true }).catch(() => undefined)
    total -= bytes
    removed++
  }
  return removed
}

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0
  for (const name of await readdir(folder).catch(() => [])) {
    bytes += (await stat(join(folder, name)).catch(() => undefined))?.size ?? 0
  }
  return bytes
}
