import { randomBytes } from 'node:crypto'
import { type FileHandle, open, realpath, rename, rm, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { outputFault } from './output-fault.ts'

/** What a file is written from. */
export type FileContent = string | Uint8Array

/**
 * Writes `content` to `file` whole or not at all: into a temporary name in the same folder, then renamed over `file`;
 * the temporary file is removed on failure. Throws `InvalidInputError` where the file cannot be made.
 */
export async function writeAtomically(file: string, content: FileContent): Promise<void> {
  await writeChunksAtomically(file, [content])
}

/** The same as `writeAtomically`, for content that comes in pieces; what `chunks` throws is thrown on unchanged. */
export async function writeChunksAtomically(
  file: string,
  chunks: Iterable<FileContent> | AsyncIterable<FileContent>,
): Promise<void> {
  const target = await targetOf(file)
  if (!target.replaceable) {
    const handle = await open(target.path, 'w').catch((error) => Promise.reject(outputFault(error, file)))
    return writeAll(handle, chunks, file)
  }
  const temporary = join(dirname(target.path), `.graft-${randomBytes(6).toString('hex')}.tmp`)
  try {
    const handle = await open(temporary, 'wx').catch((error) => Promise.reject(outputFault(error, file)))
    await writeAll(handle, chunks, file)
    await rename(temporary, target.path).catch((error) => Promise.reject(outputFault(error, file)))
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined)
    throw error
  }
}

/**
 * Follows a link to the file that it names, so that the link stays. Devices and pipes (`/dev/stdout`, `/dev/null`) are
 * written into: a rename would replace the device itself.
 */
async function targetOf(file: string): Promise<{ path: string; replaceable: boolean }> {
  try {
    const path = await realpath(file)
    const found = await stat(path)
    return { path, replaceable: found.isFile() || found.isDirectory() }
  } catch {
    const device = await stat(file).catch(() => undefined)
    return { path: resolve(file), replaceable: device === undefined || device.isFile() || device.isDirectory() }
  }
}

async function writeAll(
  handle: FileHandle,
  chunks: Iterable<FileContent> | AsyncIterable<FileContent>,
  file: string,
): Promise<void> {
  try {
    for await (const chunk of chunks) {
      await handle.appendFile(chunk).catch((error) => Promise.reject(outputFault(error, file)))
    }
    // A device cannot be synchronised; a full disk has shown itself in the writes above.
    await handle.sync().catch(() => undefined)
  } finally {
    await handle.close()
  }
}
