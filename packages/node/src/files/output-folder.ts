import { randomBytes } from 'node:crypto'
import { access, mkdir, rm, rmdir, writeFile } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { outputFault } from './output-fault.ts'

/**
 * Makes `folder` (and its parents) where absent and checks, by writing and removing an empty file, that it can be
 * written to: called before work begins, so that hours of fitting do not end in a refused write. On failure throws
 * `InvalidInputError` and leaves nothing behind.
 */
export async function ensureOutputFolder(folder: string): Promise<void> {
  await makeFolder(folder)
}

/** The same check, but folders that it made are taken away again: for a call whose work may yet come to nothing. */
export async function checkOutputFolder(folder: string): Promise<void> {
  for (const made of await makeFolder(folder)) await rmdir(made).catch(() => undefined)
}

/** Makes and probes; gives the folders that were absent, the deepest first. */
async function makeFolder(folder: string): Promise<string[]> {
  const missing = await missingFolders(resolve(folder))
  const probe = join(folder, `.graft-${randomBytes(6).toString('hex')}.tmp`)
  try {
    // One by one: Node's recursive mkdir never comes back from a folder that refuses new ones with ENOENT, as /proc does.
    for (const absent of missing.toReversed()) await mkdir(absent).catch(unlessMade)
    await writeFile(probe, '')
    await rm(probe)
    return missing
  } catch (error) {
    await rm(probe, { force: true }).catch(() => undefined)
    for (const made of missing) await rmdir(made).catch(() => undefined)
    throw outputFault(error, folder)
  }
}

/** The folders of the path that do not exist yet, the deepest first. */
async function missingFolders(folder: string): Promise<string[]> {
  const missing: string[] = []
  for (let at = folder; at !== dirname(at); at = dirname(at)) {
    const exists = await access(at).then(
      () => true,
      () => false,
    )
    if (exists) break
    missing.push(at)
  }
  return missing
}

/** Another process may have made it in the meantime. */
function unlessMade(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error
}
