import { join } from 'node:path'
import type { Model, Runtime } from 'graft-learn'
import sharp from 'sharp'
import { type BaseOutputOptions, baseOutputs } from '../feature-cache/index.ts'
import {
  type Augmentation,
  batchDims,
  decodeImage,
  type ImageFolder,
  type Preprocessing,
  pixelCount,
} from '../images/index.ts'
import type { RowSource } from './row-source.ts'

/** How images become rows. */
export interface ImageSourceOptions {
  readonly preprocessing: Preprocessing
  /** How views differ; absent where images are taken as they are. */
  readonly augmentation?: Augmentation | undefined
  readonly seed: number
  readonly cache: Pick<BaseOutputOptions, 'cacheFolder' | 'warn' | 'signal' | 'progress'>
}

/** Sides of a thumbnail, in pixels. */
const THUMBNAIL = 112

/**
 * The images of a folder that can be used, as rows. Which these are is found by running `base`, a part of the network that
 * will be needed, over all of them: what it gives is kept on disk. Throws `InvalidInputError` where none can be used.
 */
export async function imageSource(
  runtime: Runtime,
  base: Model,
  folder: ImageFolder,
  { preprocessing, augmentation, seed, cache }: ImageSourceOptions,
): Promise<RowSource> {
  const { images, skipped } = await baseOutputs(runtime, base, folder, preprocessing, cache)
  const viewOf = (number: number) =>
    number === 0 || augmentation === undefined ? undefined : { ...augmentation, seed, number }
  const path = (row: number): string => join(images.folder, images.files[row]!)
  return {
    file: folder.folder,
    kind: 'images',
    names: images.files,
    skipped: folder.skipped.length + skipped.length,
    rows: {
      rows: images.files.length,
      labels: images.labels,
      async fetch(rows, number) {
        const size = pixelCount(preprocessing)
        const data = new Float32Array(rows.length * size)
        const view = viewOf(number)
        await Promise.all(
          Array.from(rows, async (row, i) => data.set(await decodeImage(path(row), preprocessing, view), i * size)),
        )
        return { type: 'float32', dims: batchDims(preprocessing, rows.length), data }
      },
      async outputs(model, number) {
        const view = viewOf(number)
        const found = await baseOutputs(runtime, model, images, preprocessing, { ...cache, ...(view && { view }) })
        if (found.rows.length === images.files.length) return found.outputs
        throw new Error(`${folder.folder}: images changed while they were used: start again`)
      },
    },
    thumbnail: async (row) => {
      const small = sharp(path(row)).rotate().resize(THUMBNAIL, THUMBNAIL, { fit: 'cover' }).flatten()
      const bytes = await small
        .jpeg({ quality: 70 })
        .toBuffer()
        .catch(() => undefined)
      return bytes && `data:image/jpeg;base64,${bytes.toString('base64')}`
    },
  }
}
