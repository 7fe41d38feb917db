import { embeddingPart, InvalidInputError, type Model, type Network, type Runtime } from 'graft-learn'
import { classesOf } from '../adapt/label-space.ts'
import {
  type Augmentation,
  defaultAugmentation,
  imageLayout,
  type Preprocessing,
  preprocessingOf,
  readImageFolder,
} from '../images/index.ts'
import { columnOptions, readTable } from '../tables/index.ts'
import type { TuneCall, TuneWatch } from './call.ts'
import { withoutEmptyClasses } from './empty-classes.ts'
import { imageSource } from './image-source.ts'
import type { RowSource } from './row-source.ts'
import { stopwatch } from './stopwatch.ts'
import { tableSource } from './table-source.ts'

/** All rows of a call. */
export interface TuneSources {
  readonly classes: readonly string[]
  readonly training: RowSource
  /** What reading the training rows took, running the network over images included. */
  readonly trainingSeconds: number
  readonly validation?: RowSource
  readonly test?: RowSource
  readonly remembered?: RowSource
  /** How images are made into inputs; null for tables. */
  readonly preprocessing: Preprocessing | null
}

export interface SourceRequest {
  readonly call: TuneCall
  readonly modelFile: string
  readonly model: Model
  readonly described: Network
  readonly runtime: Runtime
  /** Whether training images are varied at random. */
  readonly augment: boolean
  readonly watch: TuneWatch
}

/** The classes that a network told apart before, where `--remember` needs them. */
type OldClasses = () => readonly string[]

/** Reads `--train`, `--validation`, `--test` and `--remember`. Throws `InvalidInputError` where one does not fit. */
export async function readSources(request: SourceRequest, oldClasses: OldClasses): Promise<TuneSources> {
  const layout = await imageLayout(request.call.train)
  const images = request.described.input.dims.length === 3
  if ((layout !== null) !== images) throw mismatch(request, layout !== null)
  return images ? imageSources(request, oldClasses) : tableSources(request, oldClasses)
}

function mismatch({ call, described, modelFile }: SourceRequest, isFolder: boolean): InvalidInputError {
  const dims = described.input.dims.join(' × ')
  return new InvalidInputError(
    isFolder
      ? `the network takes rows of ${dims}, not images, and --train ${call.train} is a folder: give a table or a file of features`
      : `the network takes images (${dims}), and --train ${call.train} is no folder of images: expected FOLDER/class name/image.jpg`,
    { file: modelFile },
  )
}

const NO_CHANGE: Augmentation = { crop: 0, flip: false, colour: 0 }

async function imageSources(request: SourceRequest, oldClasses: OldClasses): Promise<TuneSources> {
  const clock = stopwatch()
  const { call, modelFile, model, described, runtime, augment, watch } = request
  const preprocessing = await preprocessingOf(modelFile, model, call, watch)
  const base = await embeddingPart(runtime, described)
  const read = async (path: string, classes?: readonly string[], augmentation?: Augmentation) => {
    const folder = await readImageFolder(path, { ...watch, ...(classes && { classes }) })
    const progress = (done: number, total: number) => watch.progress(`features of ${path}`, done, total)
    const kept = call.cache === undefined ? {} : { cacheFolder: call.cache }
    const cache = { ...kept, warn: watch.warn, signal: watch.signal, progress }
    const options = { preprocessing, augmentation, seed: call.seed ?? 0, cache }
    return { classes: folder.classes, source: await imageSource(runtime, base, folder, options) }
  }
  const found = await read(call.train, undefined, augment ? defaultAugmentation : NO_CHANGE)
  const { classes, source: training } = withoutEmptyClasses(found, watch.warn)
  const others = async (path: string | undefined, known: () => readonly string[]) =>
    path === undefined ? undefined : (await read(path, known())).source
  return gathered(request, { classes, training, preprocessing, trainingSeconds: clock() }, others, oldClasses)
}

async function tableSources(request: SourceRequest, oldClasses: OldClasses): Promise<TuneSources> {
  const clock = stopwatch()
  const { call, described, watch } = request
  const features = described.input.dims[0] ?? 1
  const table = await readTable(call.train, { ...columnOptions(call), labelRequired: true, features })
  const classes = classesOf(table.labels)
  const others = async (path: string | undefined, known: () => readonly string[]) => {
    if (path === undefined) return undefined
    const other = await readTable(path, { ...columnOptions(call), labelRequired: true, features })
    return tableSource(other, known(), features, watch.warn)
  }
  const training = tableSource(table, classes, features, watch.warn)
  return gathered(request, { classes, training, preprocessing: null, trainingSeconds: clock() }, others, oldClasses)
}

async function gathered(
  { call }: SourceRequest,
  read: Pick<TuneSources, 'classes' | 'training' | 'trainingSeconds' | 'preprocessing'>,
  others: (path: string | undefined, known: () => readonly string[]) => Promise<RowSource | undefined>,
  oldClasses: OldClasses,
): Promise<TuneSources> {
  const validation = await others(call.validation, () => read.classes)
  const test = await others(call.test, () => read.classes)
  const remembered = await others(call.remember, oldClasses)
  return {
    ...read,
    ...(validation && { validation }),
    ...(test && { test }),
    ...(remembered && { remembered }),
  }
}
