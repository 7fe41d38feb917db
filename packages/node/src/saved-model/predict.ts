import { InvalidInputError, type Matrix, matrix, type Runtime, sliceRows, type Tensor, type Tensors } from 'graft-learn'
import { alignColumns } from '../adapt/align-columns.ts'
import { type Table, toSinglePrecision } from '../tables/index.ts'
import type { SavedModel } from './saved-model.ts'

/** Rows that go through at once. */
const BLOCK_ROWS = 4096

/** What a model says of rows, in their order: classes, or in regression numbers. */
export type Predictions = ClassPredictions | { /** `n`. */ readonly values: Float64Array }

/** Classes of rows, in their order. */
export interface ClassPredictions {
  readonly classes: readonly string[]
  /** `n` class indices. */
  readonly predicted: Int32Array
  /** `n × classes`. */
  readonly probabilities: Matrix
}

/** The features of a table in the columns that a model was fitted on. Throws `InvalidInputError` where they differ. */
export function featuresFor(model: SavedModel, table: Table): Matrix {
  const width = model.features ?? table.features.columns
  const reference = {
    file: model.file,
    columns: model.columns ?? [],
    named: model.columns !== null,
    features: matrix(0, width),
  }
  return alignColumns(model.inputType === 'float32' ? toSinglePrecision(table) : table, reference, width)
}

/** Runs a model on rows of features (`n × d`), block by block. */
export async function predict(
  runtime: Runtime,
  model: SavedModel,
  features: Matrix,
  progress: (done: number, total: number) => void = () => {},
): Promise<Predictions> {
  return model.task === 'regression'
    ? { values: await predictValues(runtime, model, features, progress) }
    : predictClasses(runtime, model, features, progress)
}

async function predictValues(
  runtime: Runtime,
  model: SavedModel,
  features: Matrix,
  progress: (done: number, total: number) => void,
): Promise<Float64Array> {
  const values = new Float64Array(features.rows)
  for await (const { from, to, outputs } of blocks(runtime, model, features)) {
    values.set(outputs.value!.data as Float32Array, from)
    progress(to, features.rows)
  }
  return values
}

/** Runs a model that tells classes apart. Throws `InvalidInputError` where it names other classes than it gives. */
export async function predictClasses(
  runtime: Runtime,
  model: SavedModel,
  features: Matrix,
  progress: (done: number, total: number) => void = () => {},
): Promise<ClassPredictions> {
  const gathered: OutputBlock[] = []
  for await (const { from, to, outputs } of blocks(runtime, model, features)) {
    gathered.push({ from, count: to - from, ...keptOf(outputs) })
    progress(to, features.rows)
  }
  return collectClasses(model, features.rows, gathered)
}

/** What a model gave for some rows; what it gave beyond `count` rows is not theirs. */
export interface OutputBlock {
  readonly from: number
  readonly count: number
  readonly probabilities: Tensor
  readonly label: Tensor | undefined
}

/** Of a model's outputs, those that predictions are made of; embeddings of all rows would take memory for nothing. */
export const keptOf = ({ probabilities, label }: Tensors): Pick<OutputBlock, 'probabilities' | 'label'> => ({
  probabilities: probabilities!,
  label,
})

/** Puts the outputs of blocks together. Throws `InvalidInputError` where the file names other classes than it gives. */
export function collectClasses(
  model: Pick<SavedModel, 'file' | 'classes' | 'hasLabels'>,
  rows: number,
  gathered: readonly OutputBlock[],
): ClassPredictions {
  const predicted = new Int32Array(rows)
  let probabilities: Matrix | undefined
  let classes = model.classes
  for (const { from, count, probabilities: block, label } of gathered) {
    const width = block.dims[1] ?? 1
    classes ??= Array.from({ length: width }, (_, i) => `${i}`)
    if (width !== classes.length) {
      throw new InvalidInputError(`it names ${classes.length} classes and gives ${width} probabilities`, {
        file: model.file,
      })
    }
    probabilities ??= matrix(rows, width)
    probabilities.data.set((block.data as Float32Array).subarray(0, count * width), from * width)
    const said = model.hasLabels
      ? indicesOf(label!, classes).subarray(0, count)
      : largest(sliceRows(probabilities, from, from + count))
    predicted.set(said, from)
  }
  return { classes: classes ?? [], predicted, probabilities: probabilities ?? matrix(0, classes?.length ?? 0) }
}

/** The model's outputs for one block of rows after the other. */
async function* blocks(runtime: Runtime, model: SavedModel, features: Matrix) {
  for (let from = 0; from < features.rows; from += BLOCK_ROWS) {
    const to = Math.min(from + BLOCK_ROWS, features.rows)
    const outputs = await runtime.runFile(model.bytes, { [model.input]: inputOf(model, sliceRows(features, from, to)) })
    yield { from, to, outputs }
  }
}

function inputOf(model: SavedModel, rows: Matrix): Tensor {
  const dims = [rows.rows, rows.columns]
  return model.inputType === 'float64'
    ? { type: 'float64', dims, data: rows.data }
    : { type: 'float32', dims, data: Float32Array.from(rows.data) }
}

function indicesOf(labels: Tensor, classes: readonly string[]): Int32Array {
  const indices = new Map(classes.map((name, i) => [name, i]))
  return Int32Array.from(labels.data as string[], (name) => indices.get(name) ?? 0)
}

function largest({ rows, columns, data }: Matrix): Int32Array {
  return Int32Array.from({ length: rows }, (_, i) => {
    let best = 0
    for (let j = 1; j < columns; j++) if (data[i * columns + j]! > data[i * columns + best]!) best = j
    return best
  })
}
