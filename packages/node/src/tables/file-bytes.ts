import type { FileHandle } from 'node:fs/promises'

/** Bytes `position … position + length − 1` of a file, in memory of their own; null where the file ends before. */
export async function readBytes(handle: FileHandle, position: number, length: number): Promise<Uint8Array | null> {
  const { size } = await handle.stat()
  if (position < 0 || length < 0 || position + length > size) return null
  const bytes = new Uint8Array(length)
  let done = 0
  while (done < length) {
    // One read call carries less than 2 GiB.
    const part = Math.min(length - done, 1 << 30)
    const { bytesRead } = await handle.read(bytes, done, part, position + done)
    if (bytesRead === 0) return null
    done += bytesRead
  }
  return bytes
}
