import { join } from 'node:path'
import type { Tensor } from 'graft-learn'
import { filePixels } from './decode-image.ts'
import type { ImageList, SkippedFile } from './image-folder.ts'
import { batchDims, type Preprocessing, pixelCount } from './preprocessing.ts'
import { runAhead } from './run-ahead.ts'
import { pixelWriter } from './to-tensor.ts'
import type { View } from './view.ts'

/** Images as a network takes them. */
export interface ImageBatch {
  /** Which images these are: places in `files`. */
  readonly rows: Int32Array
  /** `rows × …` float32, in the layout of the preprocessing. */
  readonly tensor: Tensor
  /** Images since the batch before that could not be used. */
  readonly skipped: readonly SkippedFile[]
}

/** How batches are made. */
export interface BatchOptions {
  /** Images of one batch, the last one may have fewer. Default 16. */
  readonly batchSize?: number
  /** The images to take, in this order: places in `files`. Default: all, as they come. */
  readonly order?: ArrayLike<number>
  /** A random view of each, for training. */
  readonly view?: View
  readonly signal?: AbortSignal
}

/** Pixels that wait for their turn may take this much memory. */
const WAITING_BYTES = 2 ** 26

/** How many images are decoded ahead: enough for the processor to have work while a network runs on a batch. */
export const imagesAhead = ({ width, height }: Preprocessing, batchSize = 16): number =>
  Math.max(4, Math.min(Math.max(48, 2 * batchSize), Math.floor(WAITING_BYTES / (3 * width * height))))

/**
 * Reads images in batches. Decoding happens in threads of sharp's own, ahead of use, and goes on while a network
 * blocks this one. A batch never comes empty but for the last, which then only tells of skipped images.
 */
export async function* imageBatches(
  images: ImageList,
  preprocessing: Preprocessing,
  { batchSize = 16, order, view, signal }: BatchOptions = {},
): AsyncGenerator<ImageBatch> {
  const write = pixelWriter(preprocessing)
  const size = pixelCount(preprocessing)
  const rows = order === undefined ? images.files.keys() : Array.from(order)
  let batch: { row: number; pixels: Uint8Array }[] = []
  let skipped: SkippedFile[] = []
  const finish = (): ImageBatch => {
    const data = new Float32Array(batch.length * size)
    batch.forEach(({ pixels }, i) => {
      write(pixels, data, i * size)
    })
    const rows = Int32Array.from(batch, ({ row }) => row)
    const done = {
      rows,
      tensor: { type: 'float32' as const, dims: batchDims(preprocessing, rows.length), data },
      skipped,
    }
    batch = []
    skipped = []
    return done
  }
  const decode = async (row: number) => ({
    row,
    pixels: await filePixels(join(images.folder, images.files[row]!), preprocessing, view),
  })
  for await (const { row, pixels } of runAhead(rows, decode, {
    ahead: imagesAhead(preprocessing, batchSize),
    signal,
  })) {
    if ('reason' in pixels) skipped.push({ file: images.files[row]!, reason: pixels.reason })
    else batch.push({ row, pixels })
    if (batch.length === batchSize) yield finish()
  }
  if (batch.length > 0 || skipped.length > 0) yield finish()
}
