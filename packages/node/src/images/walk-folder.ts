import type { Dirent } from 'node:fs'
import { readdir, realpath, stat } from 'node:fs/promises'
import { join, sep } from 'node:path'
import { InvalidInputError } from 'graft-learn'
import { isIgnored } from './image-names.ts'

/** What one folder holds, hidden things left out, each list sorted by code units, the same on every machine. */
export interface FolderEntries {
  readonly folders: readonly string[]
  readonly files: readonly string[]
}

/** Reads one folder, links followed. Throws `InvalidInputError` where it is absent, no folder, or may not be read. */
export async function entriesOf(folder: string): Promise<FolderEntries> {
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    throw new InvalidInputError(faults[error.code ?? ''] ?? `it cannot be read (${error.message})`, { file: folder })
  })
  const folders: string[] = []
  const files: string[] = []
  for (const entry of entries) {
    if (isIgnored(entry.name)) continue
    const kind = await kindOf(folder, entry)
    if (kind === 'folder') folders.push(entry.name)
    else if (kind === 'file') files.push(entry.name)
  }
  return { folders: folders.sort(), files: files.sort() }
}

const faults: Readonly<Record<string, string>> = {
  ENOENT: 'no such folder: check the path',
  ENOTDIR: 'it is a file, expected a folder of images',
  EACCES: 'it cannot be read: permission denied; change its permissions',
}

async function kindOf(folder: string, entry: Dirent): Promise<'folder' | 'file' | 'other'> {
  if (entry.isDirectory()) return 'folder'
  if (entry.isFile()) return 'file'
  if (!entry.isSymbolicLink()) return 'other'
  // A link to nothing counts as a file, and is skipped when it is read.
  const found = await stat(join(folder, entry.name)).catch(() => undefined)
  return found?.isDirectory() ? 'folder' : 'file'
}

/** All files below a folder, relative to it, with `/` between the parts; a link back to a folder above is not followed. */
export async function filesBelow(folder: string, above: readonly string[] = []): Promise<string[]> {
  const real = await realpath(folder).catch(() => folder)
  if (above.some((other) => other === real || other.startsWith(real + sep))) return []
  const { folders, files } = await entriesOf(folder)
  const found = [...files]
  for (const name of folders) {
    for (const file of await filesBelow(join(folder, name), [...above, real])) found.push(`${name}/${file}`)
  }
  return found
}
