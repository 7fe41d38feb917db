import { confusionMatrix, type Matrix, matrix, perClassScores, rowOf } from 'graft-learn'
import { projectPair } from '../project.ts'
import type { EmbeddedPoint, Mistake, ScoredReport } from './tuning-report.ts'

/** What a tuned network says of labelled rows. */
export interface PredictedRows {
  /** Whose predictions they are, as `test rows`. */
  readonly rows: string
  readonly classes: readonly string[]
  /** `n` class indices. */
  readonly labels: Int32Array
  /** `n` class indices. */
  readonly predicted: Int32Array
  /** `n × classes`. */
  readonly probabilities: Matrix
  /** What the rows are called; default: their numbers, from 1. */
  readonly names?: readonly string[] | null
  /** A small picture of a row, as a data URI. */
  readonly thumbnail?: (row: number) => Promise<string | undefined>
}

/** Counts, scores of each class, and the `shown` mistakes (default 24) that the network was surest of. */
export async function scoredReport(given: PredictedRows, shown = 24): Promise<ScoredReport> {
  const { rows, classes, labels, predicted, probabilities } = given
  const { data } = confusionMatrix(predicted, labels, classes.length)
  const probability = (row: number): number => rowOf(probabilities, row)[predicted[row]!]!
  const wrong = Array.from(labels.keys()).filter((row) => predicted[row] !== labels[row])
  const surest = [...wrong].sort((a, b) => probability(b) - probability(a)).slice(0, shown)
  return {
    rows,
    confusion: classes.map((_, c) => Array.from(data.subarray(c * classes.length, (c + 1) * classes.length))),
    perClass: perClassScores(predicted, labels, classes.length).map(({ support, precision, recall, f1 }, c) => ({
      name: classes[c]!,
      support,
      precision,
      recall,
      f1,
    })),
    mistakes: await Promise.all(surest.map((row) => mistakeOf(given, row, probability(row)))),
    wrong: wrong.length,
  }
}

async function mistakeOf(
  { classes, labels, predicted, names, thumbnail }: PredictedRows,
  row: number,
  probability: number,
): Promise<Mistake> {
  const picture = await thumbnail?.(row)
  return {
    file: names?.[row] ?? `row ${row + 1}`,
    truth: classes[labels[row]!]!,
    predicted: classes[predicted[row]!]!,
    probability,
    ...(picture === undefined ? {} : { thumbnail: picture }),
  }
}

/** Rows of an embedding (`n × d`) in the plane of its own first two principal components, at most 1,500 of them. */
export function embeddedPoints(embedding: Matrix, labels: Int32Array, classes: readonly string[]): EmbeddedPoint[] {
  const { source } = projectPair(embedding, matrix(0, embedding.columns))
  return Array.from(source.rows, (row, i) => ({
    x: source.x[i]!,
    y: source.y[i]!,
    className: classes[labels[row]!]!,
  }))
}
