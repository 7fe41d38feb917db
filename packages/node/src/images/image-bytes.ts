import { createHash } from 'node:crypto'
import { open } from 'node:fs/promises'

/** The most that a file may hold, in bytes. */
const LARGEST_FILE = 2 ** 29

/** A fault of a file, in words that are the same for all files with it. */
export interface ImageFault {
  readonly reason: string
}

/** Reads a file; a fault where that cannot be done. */
export async function readImageBytes(file: string): Promise<Buffer | ImageFault> {
  let handle: Awaited<ReturnType<typeof open>>
  try {
    handle = await open(file)
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    return { reason: code === 'ENOENT' ? 'the file is no longer there' : `it cannot be read (${code})` }
  }
  try {
    const { size } = await handle.stat()
    if (size > LARGEST_FILE) return { reason: 'the file holds more than 512 MB' }
    if (size === 0) return { reason: 'the file is empty' }
    return await handle.readFile()
  } catch (error) {
    return { reason: `it cannot be read (${(error as NodeJS.ErrnoException).code})` }
  } finally {
    await handle.close()
  }
}

/** A name for the content of a file: 128 bits of its SHA-256, in hexadecimal. Takes 1 ms per 1.5 MB. */
export const contentHash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex').slice(0, 32)
