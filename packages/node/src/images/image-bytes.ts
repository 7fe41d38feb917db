import { createHash } from 'node:crypto'
import { type FileHandle, open } from 'node:fs/promises'
import { gateOf } from './gate.ts'

/** The most that a file may hold, in bytes. */
const LARGEST_FILE = 2 ** 29

/** A fault of a file, in words that are the same for all files with it. */
export interface ImageFault {
  readonly reason: string
}

/** Bytes of all files that are in memory at one time; a larger file is read alone. */
const READ_AT_ONCE = 2 ** 27

const gate = gateOf(READ_AT_ONCE)

/** Reads a file and works on its bytes, which are let go afterwards; a fault where it cannot be read. */
export async function withImageBytes<T>(file: string, work: (bytes: Buffer) => Promise<T>): Promise<T | ImageFault> {
  let handle: FileHandle
  try {
    handle = await open(file)
  } catch (error) {
    return unreadable(error)
  }
  try {
    const { size } = await handle.stat()
    if (size > LARGEST_FILE) return { reason: 'the file holds more than 512 MB' }
    if (size === 0) return { reason: 'the file is empty' }
    return await gate(size, async () => {
      const bytes = await handle.readFile().catch(unreadable)
      return 'reason' in bytes ? bytes : work(bytes)
    })
  } finally {
    await handle.close()
  }
}

function unreadable(error: unknown): ImageFault {
  const code = (error as NodeJS.ErrnoException).code
  return { reason: code === 'ENOENT' ? 'the file is no longer there' : `it cannot be read (${code})` }
}

/** A name for the content of a file: 128 bits of its SHA-256, in hexadecimal. Takes 1 ms per 1.5 MB. */
export const contentHash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex').slice(0, 32)
