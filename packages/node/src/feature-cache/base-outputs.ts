import { totalmem } from 'node:os'
import { join } from 'node:path'
import { InvalidInputError, type Model, type Runtime, type Tensor } from 'graft-learn'
import {
  contentHash,
  type ImageHooks,
  type ImageList,
  imageInputOf,
  imagesAhead,
  type Preprocessing,
  runAhead,
  type SkippedFile,
  selectImages,
  type View,
  viewedPixels,
  warnSkipped,
  withImageBytes,
} from '../images/index.ts'
import { batchRunner } from './batch-runner.ts'
import { openCache } from './open-cache.ts'

/** How outputs are computed and kept. */
export interface BaseOutputOptions extends ImageHooks {
  /** Where outputs are kept; default: `defaultCacheFolder()`; null: nowhere. */
  readonly cacheFolder?: string | null
  /** Bytes that all kept outputs may take; those unused for longest go first. Default 10 GB. */
  readonly cacheLimit?: number
  /** The random view to compute; without one, images as they are. */
  readonly view?: View
  /** Which output to take, where the model has several. */
  readonly output?: string
  readonly progress?: (done: number, total: number) => void
  readonly signal?: AbortSignal
}

/** What a network gives for each image. */
export interface BaseOutputs<T extends ImageList> {
  /** `rows × dims` float32: one row per image of `images`. */
  readonly outputs: Tensor<'float32'>
  /** The images that could be used, in their order. */
  readonly images: T
  /** Where each of them stood in the images that were given. */
  readonly rows: Int32Array
  /** Those that could not; `warn` has heard of them. */
  readonly skipped: readonly SkippedFile[]
  /** How many rows were computed, and not found on disk. */
  readonly computed: number
}

/** An image that was read: unusable, found on disk, or decoded and still to be run. */
type ReadImage =
  | { readonly kind: 'fault'; readonly row: number; readonly reason: string }
  | { readonly kind: 'known'; readonly row: number }
  | { readonly kind: 'new'; readonly row: number; readonly hash: string; readonly pixels: Uint8Array }

/** Outputs of one call may take this share of the machine's memory. */
const MEMORY_SHARE = 0.5

/**
 * Runs a network over images once and keeps what it gives on disk, found again by content: the model's bytes, the
 * preprocessing, the view and each image's own bytes. Images that were seen before, under whatever name, cost their reading
 * alone. Decoding runs beside the network. Images that cannot be used are left out, with one warning per reason. What was
 * computed before an interruption is kept. Throws `InvalidInputError` where no image is left or outputs exceed the memory,
 * and the signal's reason where it aborts.
 */
export async function baseOutputs<T extends ImageList>(
  runtime: Runtime,
  base: Model,
  images: T,
  preprocessing: Preprocessing,
  options: BaseOutputOptions = {},
): Promise<BaseOutputs<T>> {
  const { view, signal } = options
  const total = images.files.length
  imageInputOf(base)
  const cache = await openCache(base, preprocessing, options)
  const skipped: SkippedFile[] = []
  const used = new Uint8Array(total)
  let result: { data: Float32Array; dims: readonly number[]; size: number } | undefined
  let done = 0
  let computed = 0

  function place(dims: readonly number[], row: number): Float32Array {
    result ??= allocate(dims, total)
    return result.data.subarray(row * result.size, (row + 1) * result.size)
  }
  const runner = batchRunner(runtime, base, preprocessing, options.output)
  async function compute(last: boolean): Promise<void> {
    for await (const { row, hash, values, dims } of runner.run(last)) {
      place(dims, row).set(values)
      await cache.add(hash, values, dims)
      computed++
      used[row] = 1
      options.progress?.(++done, total)
    }
  }
  const read = async (row: number): Promise<ReadImage> => {
    const file = join(images.folder, images.files[row]!)
    const found = await withImageBytes(file, async (bytes): Promise<ReadImage> => {
      const hash = contentHash(bytes)
      const known = cache.dims
      if (known !== undefined && cache.has(hash) && cache.read(hash, place(known, row))) return { kind: 'known', row }
      const pixels = await viewedPixels(bytes, preprocessing, view, hash)
      return 'reason' in pixels ? { kind: 'fault', row, reason: pixels.reason } : { kind: 'new', row, hash, pixels }
    })
    return 'kind' in found ? found : { kind: 'fault', row, reason: found.reason }
  }
  try {
    for await (const image of runAhead(images.files.keys(), read, { ahead: imagesAhead(preprocessing), signal })) {
      if (image.kind === 'new') {
        runner.take(image.row, image.hash, image.pixels)
        await compute(false)
      } else {
        if (image.kind === 'known') used[image.row] = 1
        else skipped.push({ file: images.files[image.row]!, reason: image.reason })
        options.progress?.(++done, total)
      }
    }
    await compute(true)
  } finally {
    await cache.close()
  }
  warnSkipped(images.folder, skipped, options)
  if (result === undefined) {
    throw new InvalidInputError('none of its images can be used: see the warnings', { file: images.folder })
  }
  const rows = Int32Array.from([...used.keys()].filter((row) => used[row] === 1))
  const { dims, size } = result
  const data = rows.length === total ? result.data : keptRows(result.data, rows, size)
  return {
    outputs: { type: 'float32', dims: [rows.length, ...dims], data },
    images: rows.length === total ? images : selectImages(images, rows),
    rows,
    skipped,
    computed,
  }
}

function allocate(
  dims: readonly number[],
  rows: number,
): { data: Float32Array; dims: readonly number[]; size: number } {
  const size = dims.reduce((product, dim) => product * dim, 1)
  const bytes = 4 * size * rows
  if (bytes > MEMORY_SHARE * totalmem()) {
    throw new InvalidInputError(
      `${rows} images give ${(bytes / 2 ** 30).toFixed(1)} GB at [${dims.join(', ')}] numbers each, more than half of this machine's memory: cut the network later, where its outputs are smaller, or take fewer images`,
    )
  }
  return { data: new Float32Array(size * rows), dims, size }
}

/** Moves the rows that are kept together. */
function keptRows(data: Float32Array, rows: Int32Array, size: number): Float32Array {
  rows.forEach((row, i) => {
    data.copyWithin(i * size, row * size, (row + 1) * size)
  })
  return data.subarray(0, rows.length * size)
}
