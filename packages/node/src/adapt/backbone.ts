import { describeNetwork, InvalidInputError, type Model, matrix, pooledValues, type Runtime } from 'graft-learn'
import { baseOutputs } from '../feature-cache/index.ts'
import {
  batchDims,
  type ImageFolder,
  type ImageList,
  imageLayout,
  type Preprocessing,
  type PreprocessingOptions,
  preprocessingOf,
  readImageFolder,
  readImages,
} from '../images/index.ts'
import { readModelFile } from '../saved-model/model-file.ts'
import { featureNames, type Table } from '../tables/table.ts'
import type { Hooks } from './call.ts'

/** A pretrained network that makes rows of features out of images. */
export interface Backbone {
  readonly file: string
  /** From images to one row of features each. */
  readonly base: Model
  readonly preprocessing: Preprocessing
}

/** Networks that deep methods train from scratch. */
const UNTRAINED = ['lenet', 'mlp']

/** Reads a network and finds its features: the last values before its classifier. Throws `InvalidInputError`. */
export async function readBackbone(
  runtime: Runtime,
  path: string,
  options: PreprocessingOptions,
  hooks: Pick<Hooks, 'warn'>,
): Promise<Backbone> {
  if (UNTRAINED.includes(path)) {
    throw new InvalidInputError(
      `--backbone ${path} is not trained yet, and no method of this call trains it: give a pretrained network, --backbone F.onnx`,
    )
  }
  const { file, model } = await readModelFile(path)
  const preprocessing = await preprocessingOf(file, model, options, hooks)
  const network = await describeNetwork(runtime, model, { dims: batchDims(preprocessing, 1).slice(1) })
  return { file, base: pooledValues(network, [network.features]).model, preprocessing }
}

/** What the rows of a folder of images are for: those to learn from need classes, those to predict need none. */
export type ImageRole = 'learn' | 'predict'

/** How a folder of images is made a table. */
export interface ImageTableOptions {
  readonly cache?: string | undefined
  readonly hooks: Pick<Hooks, 'warn' | 'progress'>
}

/** A folder of images as a table of a backbone's features, a row for each image that can be used. Throws `InvalidInputError`. */
export async function imageTable(
  runtime: Runtime,
  { base, preprocessing }: Backbone,
  folder: string,
  role: ImageRole,
  { cache, hooks }: ImageTableOptions,
): Promise<Table> {
  const images = await listImages(folder, role, hooks)
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
