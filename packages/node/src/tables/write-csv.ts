import type { Matrix } from 'graft-learn'
import { writeChunksAtomically } from '../files/write-atomically.ts'

/** What a model said of each row: classes, or numbers. */
export type Predictions = ClassPredictions | { /** `n`. */ readonly values: Float64Array }

/** The class of each row, and the probabilities of all classes. */
export interface ClassPredictions {
  /** `n` class names. */
  readonly predictions: readonly string[]
  /** `n × classes`. */
  readonly probabilities: Matrix
  /** Names of the columns of `probabilities`. */
  readonly classes: readonly string[]
  /** `n` names of images, a last column `file`. */
  readonly files?: readonly string[]
}

/**
 * Writes `row,prediction,probability`, a column per class and, for images, their `file`, a line per row, rows counted from 1, in csv (RFC 4180).
 * `probability` is that of the predicted class; numbers have up to six significant digits. In
 * regression `row,prediction`.
 */
export async function writePredictions(file: string, predictions: Predictions): Promise<void> {
  await writeChunksAtomically(file, predictionLines(predictions))
}

/** The same lines, in pieces of some 64 KB, for another place than a file. */
export function* predictionLines(table: Predictions): Generator<string> {
  if ('values' in table) yield numberLines(table.values)
  else yield* classLines(table)
}

const numberLines = (values: Float64Array): string =>
  `row,prediction\n${Array.from(values, (value, i) => `${i + 1},${sixDigits(value)}\n`).join('')}`

function* classLines({ predictions, probabilities, classes, files }: ClassPredictions): Generator<string> {
  const columnOf = new Map(classes.map((name, j) => [name, j]))
  const columns = probabilities.columns
  const names = ['row', 'prediction', 'probability', ...classes, ...(files === undefined ? [] : ['file'])]
  let text = `${names.map(csvCell).join(',')}\n`
  for (let i = 0; i < predictions.length; i++) {
    const name = predictions[i]!
    const values = Array.from(probabilities.data.subarray(i * columns, (i + 1) * columns), sixDigits)
    const column = columnOf.get(name)
    if (column === undefined) throw new Error(`row ${i + 1}: the prediction "${name}" is not one of the classes`)
    text += `${i + 1},${csvCell(name)},${values[column]},${values.join(',')}${files === undefined ? '' : `,${csvCell(files[i]!)}`}\n`
    if (text.length > 1 << 16) {
      yield text
      text = ''
    }
  }
  yield text
}

/** A cell of a csv file: in quotes where it holds a delimiter, a quote, a line end, or space at an end. */
export const csvCell = (text: string): string =>
  /[",\r\n]|^\s|\s$/.test(text) ? `"${text.replaceAll('"', '""')}"` : text

/** At the precision that a saved model gives them, so that a fit and its model print the same. */
const sixDigits = (value: number): string => `${Number(Math.fround(value).toPrecision(6))}`
