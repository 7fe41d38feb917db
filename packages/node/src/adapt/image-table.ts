import { InvalidInputError, matrix, type Runtime } from 'graft-learn'
import { baseOutputs } from '../feature-cache/index.ts'
import { type ImageFolder, type ImageList, imageLayout, readImageFolder, readImages } from '../images/index.ts'
import { featureNames, type Table } from '../tables/table.ts'
import type { Backbone } from './backbone.ts'
import type { Hooks } from './call.ts'

/** What the rows of a folder of images are for: those to learn from need classes, those to predict need none. */
export type ImageRole = 'learn' | 'predict'

/** How a folder of images is made a table. */
export interface ImageTableOptions {
  readonly cache?: string | undefined
  readonly hooks: Pick<Hooks, 'warn' | 'progress'>
}

/** The most numbers that the rows of one folder may hold: 3 GB, in both precisions. */
const MOST = 2.5e8

/** A folder of images as a table of a backbone's features, a row for each image that can be used. Throws `InvalidInputError`. */
export async function imageTable(
  runtime: Runtime,
  { base, preprocessing }: Backbone,
  folder: string,
  role: ImageRole,
  { cache, hooks }: ImageTableOptions,
): Promise<Table> {
  const images = await listImages(folder, role, hooks)
  const width = Number(base.graph.outputs[0]!.dims!.at(-1))
  const numbers = images.files.length * width
  if (numbers > MOST) {
    throw new InvalidInputError(
      `${images.files.length} images of ${width} numbers each take ${((12 * numbers) / 1e9).toFixed(1)} GB: keep more blocks as they are with --reuse N, or all of them, or give smaller images with --size`,
      { file: folder },
    )
  }
  const found = await baseOutputs(runtime, base, images, preprocessing, {
    warn: hooks.warn,
    progress: (done, total) => hooks.progress(`features of ${folder}`, done, total),
    ...(cache === undefined ? {} : { cacheFolder: cache }),
  })
  const [rows = 0, columns = 0] = found.outputs.dims
  const used = found.images
  return {
    file: folder,
    columns: featureNames(columns),
    named: false,
    features: matrix(rows, columns, Float64Array.from(found.outputs.data)),
    labels: 'labels' in used ? Array.from(used.labels, (label) => used.classes[label]!) : null,
    dropped: [],
    names: used.files,
  }
}

async function listImages(
  folder: string,
  role: ImageRole,
  hooks: Pick<Hooks, 'warn'>,
): Promise<ImageFolder | ImageList> {
  if (role === 'learn') return readImageFolder(folder, hooks)
  return (await imageLayout(folder)) === 'classes'
    ? readImageFolder(folder, { ...hooks, fewest: 1 })
    : readImages(folder, hooks)
}
