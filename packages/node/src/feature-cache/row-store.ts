import { randomBytes } from 'node:crypto'
import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { writeChunksAtomically } from '../files/index.ts'
import { type HashedRow, openSegment, type Segment, segmentBytes } from './segment.ts'

/** Rows on disk, found by the hash of what they were computed from. */
export interface RowStore {
  /** Dims of a row; undefined while no row is known. */
  readonly dims: readonly number[] | undefined
  /** Whether a row is likely there (it may prove damaged when read). */
  has(hash: string): boolean
  /** Copies a row to `out`; false where there is none, or where it is damaged. */
  read(hash: string, out: Float32Array): boolean
  /** Takes a row, which is written now or within seconds. */
  add(hash: string, row: Float32Array, dims: readonly number[]): Promise<void>
  /** Writes what is not yet written and closes all files. */
  close(): Promise<void>
}

/** What is written at once, at most. */
const SEGMENT_BYTES = 2 ** 26
/** An interruption loses at most this long a time of work, or a tenth of what was done. */
const WRITE_MS = 2000
/** More files than this are made into one, unless that is large. */
const MANY_SEGMENTS = 8
const LARGE_STORE = 2 ** 28
const PATTERN = /^[0-9a-f]{16}\.rows$/
const TEMPORARY = /^\.graft-[0-9a-f]{12}\.tmp$/
const STALE_MS = 24 * 3600 * 1000

/**
 * Opens the rows of one folder, made where absent. Every writer adds files of its own, whole or not at all, so that any
 * number of processes may work at once (at worst they compute the same row), and what breaks off keeps what was written.
 * Damaged files and rows count as absent. Throws where the folder cannot be made or read.
 */
export async function openRowStore(folder: string): Promise<RowStore> {
  await mkdir(folder, { recursive: true })
  const places = new Map<string, { segment: Segment; i: number }>()
  const segments: { file: string; segment: Segment }[] = []
  for (const name of (await readdir(folder)).sort()) {
    const file = join(folder, name)
    if (TEMPORARY.test(name)) await removeStale(file)
    if (!PATTERN.test(name)) continue
    const segment = openSegment(file)
    if (segment === undefined) await rm(file, { force: true })
    else segments.push({ file, segment })
  }
  const dims = segments[0]?.segment.dims
  for (const { segment } of segments) {
    if (`${segment.dims}` === `${dims}`) segment.hashes.forEach((hash, i) => void places.set(hash, { segment, i }))
  }
  // The time of the last use decides what goes first when space runs out.
  await utimes(folder, new Date(), new Date()).catch(() => undefined)
  const begun = performance.now()
  let written = begun
  let known = dims
  let pending = new Map<string, Float32Array>()
  let pendingBytes = 0
  let damaged = false

  async function write(): Promise<void> {
    if (pending.size === 0 || known === undefined) return
    const rows = Array.from(pending, ([hash, row]): HashedRow => ({ hash, row }))
    const file = join(folder, `${randomBytes(8).toString('hex')}.rows`)
    await writeChunksAtomically(file, segmentBytes(known, rows))
    const segment = openSegment(file)
    pending = new Map()
    pendingBytes = 0
    if (segment === undefined) return
    segments.push({ file, segment })
    segment.hashes.forEach((hash, i) => void places.set(hash, { segment, i }))
  }

  return {
    get dims() {
      return known
    },
    has: (hash) => pending.has(hash) || places.has(hash),
    read(hash, out) {
      const row = pending.get(hash)
      if (row !== undefined) {
        out.set(row)
        return true
      }
      const place = places.get(hash)
      if (place === undefined) return false
      if (place.segment.read(place.i, out)) return true
      damaged = true
      return false
    },
    async add(hash, row, dims) {
      known ??= dims
      pending.set(hash, row.slice())
      pendingBytes += row.byteLength
      const now = performance.now()
      if (pendingBytes < SEGMENT_BYTES && now - written < Math.max(WRITE_MS, (now - begun) / 10)) return
      await write()
      written = performance.now()
    },
    async close() {
      try {
        await write()
        const untidy = damaged || segments.length > MANY_SEGMENTS
        if (untidy && known !== undefined) await joinSegments(folder, known, segments, places)
      } finally {
        for (const { segment } of segments) segment.close()
      }
    },
  }
}

async function removeStale(file: string): Promise<void> {
  const found = await stat(file).catch(() => undefined)
  if (found !== undefined && Date.now() - found.mtimeMs > STALE_MS) await rm(file, { force: true })
}

/** Writes all good rows as one file and removes the files that they were in; a reader of those keeps them open. */
async function joinSegments(
  folder: string,
  dims: readonly number[],
  segments: readonly { file: string; segment: Segment }[],
  places: ReadonlyMap<string, { segment: Segment; i: number }>,
): Promise<void> {
  const size = dims.reduce((product, dim) => product * dim, 1)
  if (4 * size * places.size > LARGE_STORE) return
  const rows: HashedRow[] = []
  for (const [hash, { segment, i }] of places) {
    const row = new Float32Array(size)
    if (segment.read(i, row)) rows.push({ hash, row })
  }
  await writeChunksAtomically(join(folder, `${randomBytes(8).toString('hex')}.rows`), segmentBytes(dims, rows))
  for (const { file } of segments) await rm(file, { force: true })
}
