import { InvalidInputError, type Model, type Runtime, type Tensor } from 'graft-learn'
import {
  type ImageHooks,
  type ImageList,
  imageBatches,
  imageInputOf,
  type PreprocessingOptions,
  preprocessingOf,
  type SkippedFile,
  selectImages,
  warnSkipped,
} from '../images/index.ts'
import type { ModelFile } from './model-file.ts'
import { type ClassPredictions, collectClasses, keptOf } from './predict.ts'
import { namesIn } from './saved-model.ts'

/** Images of one run, where the model does not fix their number; see `batchRunner`. */
const BATCH = 8

/** Whether a model's one input is an image: `N × C × H × W` or `N × H × W × C`. */
export function takesImages({ graph }: Model): boolean {
  const given = graph.inputs.filter(({ name }) => !graph.initializers.has(name))
  return given.length === 1 && given[0]!.dims?.length === 4
}

/** The classes that the file of a model names; null where it names none. */
export const classesIn = ({ model }: ModelFile): readonly string[] | null => namesIn(model.metadata['graft.classes'])

/** What a model says of images. */
export interface ImagePredictions<T extends ImageList> {
  readonly said: ClassPredictions
  /** Those that could be used, in the order of the predictions. */
  readonly images: T
  readonly skipped: readonly SkippedFile[]
}

/**
 * Runs a model from images to classes, such as "graft tune" writes, on the images of a list; decoding runs beside it. What
 * cannot be decoded is left out, with a warning. Throws `InvalidInputError` where the model gives no `probabilities`, or no
 * image is left.
 */
export async function predictImages<T extends ImageList>(
  runtime: Runtime,
  { file, bytes, model }: ModelFile,
  images: T,
  options: PreprocessingOptions,
  hooks: ImageHooks & { readonly progress: (done: number, total: number) => void },
): Promise<ImagePredictions<T>> {
  const input = imageInputOf(model, file)
  if (!model.graph.outputs.some(({ name }) => name === 'probabilities')) {
    const names = model.graph.outputs.map(({ name }) => `"${name}"`).join(', ')
    throw new InvalidInputError(
      `it must have an output "probabilities" (rows × classes), got ${names}: give a model that "graft tune" or "graft adapt" wrote`,
      { file },
    )
  }
  const preprocessing = await preprocessingOf(file, model, options, hooks)
  const fixed = model.graph.inputs.find(({ name }) => name === input.name)!.dims![0]
  const batchSize = typeof fixed === 'number' && fixed > 0 ? fixed : BATCH
  const rows: number[] = []
  const skipped: SkippedFile[] = []
  const blocks = []
  for await (const batch of imageBatches(images, preprocessing, { batchSize })) {
    skipped.push(...batch.skipped)
    const count = batch.rows.length
    if (count > 0) {
      const outputs = await runtime.runFile(bytes, {
        [input.name]: typeof fixed === 'number' ? filledUp(batch.tensor, fixed) : batch.tensor,
      })
      blocks.push({ from: rows.length, count, ...keptOf(outputs) })
      rows.push(...batch.rows)
    }
    hooks.progress(rows.length + skipped.length, images.files.length)
  }
  warnSkipped(images.folder, skipped, hooks)
  if (rows.length === 0) throw new InvalidInputError('none of its images can be used', { file: images.folder })
  const hasLabels = model.graph.outputs.some(({ name, type }) => name === 'label' && type === 'string')
  const about = { file, classes: namesIn(model.metadata['graft.classes']), hasLabels }
  const said = collectClasses(about, rows.length, blocks)
  return { said, images: selectImages(images, rows), skipped }
}

/** A batch of a fixed size, the rows that it lacks being zeros. */
function filledUp(tensor: Tensor, rows: number): Tensor {
  const have = tensor.dims[0] ?? rows
  if (have === rows) return tensor
  const data = new Float32Array((tensor.data.length / have) * rows)
  data.set(tensor.data as Float32Array)
  return { type: 'float32', dims: [rows, ...tensor.dims.slice(1)], data }
}
