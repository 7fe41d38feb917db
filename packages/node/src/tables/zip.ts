import type { FileHandle } from 'node:fs/promises'
import { promisify } from 'node:util'
import { crc32, inflateRaw } from 'node:zlib'
import { readBytes } from './file-bytes.ts'

/** One file inside a zip file, as its directory lists it. */
export interface ZipEntry {
  readonly name: string
  /** 0 stored, 8 deflated. */
  readonly method: number
  readonly crc: number
  readonly packedSize: number
  readonly size: number
  /** Where its local header begins. */
  readonly position: number
}

const inflate = promisify(inflateRaw)
const endSize = 22

/**
 * The directory of a zip file (PKWARE's APPNOTE, with the 64-bit forms that NumPy writes); null where it is damaged.
 * Our own rather than fflate's: that one needs the whole file in memory and does not check the checksums, so that a
 * damaged array would be read as data.
 */
export async function readZipDirectory(handle: FileHandle): Promise<readonly ZipEntry[] | null> {
  const { size } = await handle.stat()
  const tailSize = Math.min(size, endSize + 20 + 0xffff)
  const tail = await readView(handle, size - tailSize, tailSize)
  if (tail === null) return null
  let end = tailSize - endSize
  while (end >= 0 && tail.getUint32(end, true) !== 0x06054b50) end--
  if (end < 0) return null
  let count = tail.getUint16(end + 10, true)
  let length = tail.getUint32(end + 12, true)
  let position = tail.getUint32(end + 16, true)
  if (end >= 20 && tail.getUint32(end - 20, true) === 0x07064b50) {
    const wide = await readView(handle, Number(tail.getBigUint64(end - 12, true)), 56)
    if (wide === null || wide.getUint32(0, true) !== 0x06064b50) return null
    count = Number(wide.getBigUint64(32, true))
    length = Number(wide.getBigUint64(40, true))
    position = Number(wide.getBigUint64(48, true))
  }
  const directory = await readBytes(handle, position, length)
  if (directory === null) return null
  try {
    return parseDirectory(directory, count)
  } catch {
    return null
  }
}

/** The bytes of an entry, unpacked and checked against its checksum; null where they are damaged or packed otherwise. */
export async function readZipEntry(handle: FileHandle, entry: ZipEntry): Promise<Uint8Array | null> {
  const local = await readView(handle, entry.position, 30)
  if (local === null || local.getUint32(0, true) !== 0x04034b50) return null
  const begin = entry.position + 30 + local.getUint16(26, true) + local.getUint16(28, true)
  const packed = await readBytes(handle, begin, entry.packedSize)
  if (packed === null || (entry.method !== 0 && entry.method !== 8)) return null
  const bytes = entry.method === 0 ? packed : await inflate(packed).catch(() => null)
  return bytes !== null && bytes.length === entry.size && crc32(bytes) === entry.crc ? bytes : null
}

function parseDirectory(bytes: Uint8Array, count: number): ZipEntry[] {
  const view = viewOf(bytes)
  const entries: ZipEntry[] = []
  let at = 0
  for (let i = 0; i < count; i++) {
    if (view.getUint32(at, true) !== 0x02014b50) throw new RangeError('not a directory entry')
    const nameEnd = at + 46 + view.getUint16(at + 28, true)
    const extraEnd = nameEnd + view.getUint16(at + 30, true)
    const wide = wideValues(view, nameEnd, extraEnd)
    const sized = (offset: number) => {
      const value = view.getUint32(at + offset, true)
      return value === 0xffffffff ? Number(wide.shift() ?? value) : value
    }
    const size = sized(24)
    const packedSize = sized(20)
    entries.push({
      name: new TextDecoder().decode(bytes.subarray(at + 46, nameEnd)),
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
      packedSize,
      size,
      position: sized(42),
    })
    at = extraEnd + view.getUint16(at + 32, true)
  }
  return entries
}

/** The 64-bit values of an entry's extra field, which stand for those that are all ones, in order. */
function wideValues(view: DataView, from: number, to: number): bigint[] {
  for (let at = from; at + 4 <= to; at += 4 + view.getUint16(at + 2, true)) {
    if (view.getUint16(at, true) !== 1) continue
    const count = Math.floor(view.getUint16(at + 2, true) / 8)
    return Array.from({ length: count }, (_, i) => view.getBigUint64(at + 4 + i * 8, true))
  }
  return []
}

const viewOf = (bytes: Uint8Array) => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)

async function readView(handle: FileHandle, position: number, length: number): Promise<DataView | null> {
  const bytes = await readBytes(handle, position, length)
  return bytes === null ? null : viewOf(bytes)
}
