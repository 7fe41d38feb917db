import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { crc32 } from 'node:zlib'

/**
 * A file of rows, written once. In this order: `GRAFTROW`, the length and checksum of the header (uint32 each), the
 * header (JSON, padded with blanks to a multiple of four), for each row the hash of its image (16 bytes) and the row's checksum (uint32), and the
 * rows themselves (float32). Numbers are little-endian, checksums are CRC-32.
 */
const MAGIC = Buffer.from('GRAFTROW', 'latin1')
const ENTRY = 20
const HASH = 16
/** Rows are written in pieces of about so many bytes. */
const PIECE = 2 ** 20
/** No honest header is longer. */
const LONGEST_HEADER = 4096

/** A row and the hash (32 hexadecimal digits) of what it was computed from. */
export interface HashedRow {
  readonly hash: string
  readonly row: Float32Array
}

/** An open file of rows. */
export interface Segment {
  /** Dims of a row. */
  readonly dims: readonly number[]
  readonly hashes: readonly string[]
  /** Reads row `i` into `out`; false where the file is damaged there. */
  read(i: number, out: Float32Array): boolean
  close(): void
}

/** The bytes of a file of rows, in pieces. */
export function* segmentBytes(dims: readonly number[], rows: readonly HashedRow[]): Generator<Uint8Array> {
  const index = Buffer.alloc(rows.length * ENTRY)
  rows.forEach(({ hash, row }, i) => {
    index.write(hash, i * ENTRY, 'hex')
    index.writeUInt32LE(crc32(bytesOf(row)), i * ENTRY + HASH)
  })
  const json = JSON.stringify({ dims, rows: rows.length, index: crc32(index) })
  const header = Buffer.from(json.padEnd(Math.ceil(json.length / 4) * 4))
  const lengths = Buffer.alloc(8)
  lengths.writeUInt32LE(header.length, 0)
  lengths.writeUInt32LE(crc32(header), 4)
  yield Buffer.concat([MAGIC, lengths, header, index])
  const size = rows[0]?.row.byteLength ?? 0
  const together = Math.max(1, Math.floor(PIECE / Math.max(1, size)))
  for (let i = 0; i < rows.length; i += together) {
    yield Buffer.concat(rows.slice(i, i + together).map(({ row }) => bytesOf(row)))
  }
}

const bytesOf = (row: Float32Array): Uint8Array => new Uint8Array(row.buffer, row.byteOffset, row.byteLength)

/** Opens a file of rows and reads its index; undefined where it is gone, cut short, damaged or no such file. */
export function openSegment(file: string): Segment | undefined {
  let descriptor: number
  try {
    descriptor = openSync(file, 'r')
  } catch {
    return undefined
  }
  const segment = readIndex(descriptor)
  if (segment === undefined) closeSync(descriptor)
  return segment
}

function readIndex(descriptor: number): Segment | undefined {
  try {
    const lead = readAt(descriptor, 0, 16)
    if (lead === undefined || !lead.subarray(0, 8).equals(MAGIC)) return undefined
    const length = lead.readUInt32LE(8)
    const header = length > LONGEST_HEADER ? undefined : readAt(descriptor, 16, length)
    if (header === undefined || crc32(header) !== lead.readUInt32LE(12)) return undefined
    const { dims, rows, index: checksum } = JSON.parse(header.toString('latin1')) as Header
    const size = 4 * dims.reduce((product, dim) => product * dim, 1)
    const begin = 16 + length + rows * ENTRY
    if (fstatSync(descriptor).size !== begin + rows * size) return undefined
    const index = readAt(descriptor, 16 + length, rows * ENTRY)
    if (index === undefined || crc32(index) !== checksum) return undefined
    return {
      dims,
      hashes: Array.from({ length: rows }, (_, i) => index.toString('hex', i * ENTRY, i * ENTRY + HASH)),
      read: (i, out) => {
        try {
          const bytes = bytesOf(out)
          return (
            readSync(descriptor, bytes, 0, size, begin + i * size) === size &&
            crc32(bytes) === index.readUInt32LE(i * ENTRY + HASH)
          )
        } catch {
          return false
        }
      },
      close: () => closeSync(descriptor),
    }
  } catch {
    return undefined
  }
}

interface Header {
  readonly dims: readonly number[]
  readonly rows: number
  readonly index: number
}

function readAt(descriptor: number, position: number, length: number): Buffer | undefined {
  const bytes = Buffer.alloc(length)
  return readSync(descriptor, bytes, 0, length, position) === length ? bytes : undefined
}
