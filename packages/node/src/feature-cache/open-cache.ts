import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { type Model, writeModel } from 'graft-learn'
import sharp from 'sharp'
import { type Preprocessing, viewText } from '../images/index.ts'
import type { BaseOutputOptions } from './base-outputs.ts'
import { defaultCacheFolder } from './cache-folder.ts'
import { openRowStore, type RowStore } from './row-store.ts'
import { trimCache } from './trim-cache.ts'

/** Outputs computed by another version of this may differ: they are computed again. */
const VERSION = 1
const LIMIT = 10 * 2 ** 30

/**
 * The kept outputs of one network, preprocessing and view. A cache never stands in the way: where its folder cannot be
 * used, or the disk is full, `warn` hears of it once and the work goes on without.
 */
export async function openCache(
  base: Model,
  preprocessing: Preprocessing,
  options: BaseOutputOptions,
): Promise<RowStore> {
  if (options.cacheFolder === null) return nothing
  const folder = join(options.cacheFolder ?? defaultCacheFolder(), 'outputs')
  const key = keyOf(base, preprocessing, options)
  const limit = options.cacheLimit ?? LIMIT
  const warn = (error: unknown): undefined => {
    const reason = error instanceof Error ? error.message : String(error)
    options.warn?.(`outputs of the network are not kept for the next run: ${reason}`)
  }
  const store = await openRowStore(join(folder, key)).catch(warn)
  if (store === undefined) return nothing
  let broken = false
  let added = 0
  const attempt = async (work: () => Promise<void>) => {
    if (broken) return
    await work().catch((error) => {
      broken = true
      warn(error)
    })
  }
  return {
    get dims() {
      return store.dims
    },
    has: store.has,
    read: store.read,
    add: (hash, row, dims) =>
      attempt(async () => {
        added += row.byteLength
        if (added > limit) throw new Error(`they take more than ${(limit / 2 ** 30).toPrecision(2)} GB`)
        await store.add(hash, row, dims)
      }),
    close: async () => {
      await store.close().catch(broken ? () => undefined : warn)
      if (added > 0) await trimCache(folder, limit, key)
    },
  }
}

function keyOf(base: Model, preprocessing: Preprocessing, { view, output }: BaseOutputOptions): string {
  const model = createHash('sha256').update(writeModel(base)).digest('hex')
  const fields = [VERSION, sharp.versions.vips, model, output ?? null, fieldsOf(preprocessing), viewText(view)]
  return createHash('sha256').update(JSON.stringify(fields)).digest('hex').slice(0, 32)
}

/** In a fixed order, whatever order the object has. */
const fieldsOf = (preprocessing: Preprocessing): unknown[] =>
  Object.entries(preprocessing).sort(([a], [b]) => (a < b ? -1 : 1))

/** Keeps nothing. */
const nothing: RowStore = {
  dims: undefined,
  has: () => false,
  read: () => false,
  add: async () => {},
  close: async () => {},
}
