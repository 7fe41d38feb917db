import { InvalidInputError, type Matrix, matrix, type Runtime, sliceRows, type Tensor } from 'graft-learn'
import { alignColumns } from '../adapt/align-columns.ts'
import { type Table, toSinglePrecision } from '../tables/index.ts'
import type { SavedModel } from './saved-model.ts'

/** Rows that go through at once. */
const BLOCK_ROWS = 4096

/** What a model says of rows, in their order. */
export interface Predictions {
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
  const predicted = new Int32Array(features.rows)
  let probabilities: Matrix | undefined
  let classes = model.classes
  for (let from = 0; from < features.rows; from += BLOCK_ROWS) {
    const to = Math.min(from + BLOCK_ROWS, features.rows)
    const outputs = await runtime.runFile(model.bytes, { features: inputOf(model, sliceRows(features, from, to)) })
    const block = outputs.probabilities!
    const width = block.dims[1] ?? 1
    classes ??= Array.from({ length: width }, (_, i) => `${i}`)
    if (width !== classes.length) {
      throw new InvalidInputError(`it names ${classes.length} classes and gives ${width} probabilities`, {
        file: model.file,
      })
    }
    probabilities ??= matrix(features.rows, width)
    probabilities.data.set(block.data as Float32Array, from * width)
    predicted.set(
      model.hasLabels ? indicesOf(outputs.label!, classes) : largest(sliceRows(probabilities, from, to)),
      from,
    )
    progress(to, features.rows)
  }
  return { classes: classes ?? [], predicted, probabilities: probabilities ?? matrix(0, classes?.length ?? 0) }
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
