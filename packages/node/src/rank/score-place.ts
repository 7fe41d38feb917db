import {
  featureBases,
  InvalidInputError,
  type Matrix,
  matrix,
  type Runtime,
  type ScoredRows,
  seededRandom,
  type TransferabilityScore,
} from 'graft-learn'
import type { Place, PlacesOf } from './places.ts'
import type { Goal } from './read-goal.ts'

/** The scores of one place, and why some are missing. */
export interface PlaceScores {
  readonly scores: Readonly<Record<string, number | null>>
  readonly missing: Readonly<Record<string, string>>
}

/** What scoring a model needs beside its rows. */
export interface ScoringContext {
  readonly runtime: Runtime
  readonly seed: number
  readonly scores: readonly TransferabilityScore[]
  /** For messages. */
  readonly file: string
}

/** Scores one place of a model on its rows (`n × width`, as `base` of the places gives them). */
export async function scorePlace(
  { places, source, network }: PlacesOf,
  place: Place,
  rows: Float32Array,
  goal: Goal,
  { runtime, seed, scores, file }: ScoringContext,
): Promise<PlaceScores> {
  const width = rows.length / goal.rows
  const features = columnsOf(rows, width, place.columns)
  const atEnd = place.features === network.features
  const why =
    typeof source === 'string'
      ? source
      : atEnd || places.length === 1
        ? undefined
        : 'it judges the whole network: see the line of its last features'
  const probabilities =
    why === undefined && typeof source !== 'string'
      ? probabilitiesOf(columnsOf(rows, width, source.columns), source.probabilities)
      : undefined
  const scored: ScoredRows = {
    features,
    bases: featureBases(runtime, features),
    ...(probabilities === undefined ? {} : { probabilities }),
    ...(goal.task === 'regression' ? { values: goal.values } : { labels: goal.labels }),
  }
  const found: Record<string, number | null> = {}
  const missing: Record<string, string> = {}
  for (const score of scores) {
    const reason = score.needs === 'source probabilities' ? why : saturated(score, features, goal)
    if (reason !== undefined) missing[score.id] = reason
    found[score.id] =
      reason === undefined
        ? await named(file, place, () =>
            score.score(scored, score.options.parse({}), { runtime, random: seededRandom(seed) }),
          )
        : null
  }
  return { scores: found, missing }
}

/** The plain H-score is the same for all features that are no fewer than the rows. */
function saturated({ id }: TransferabilityScore, { rows, columns }: Matrix, goal: Goal): string | undefined {
  if (id !== 'h-score' || goal.task === 'regression' || columns < rows - 1) return undefined
  return `with as many features as rows (${rows}), or more, it is ${goal.classes.length - 1} whatever they are: see shrunk-h-score`
}

async function named(file: string, place: Place, score: () => Promise<number>): Promise<number> {
  try {
    return await score()
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error
    throw new InvalidInputError(`at "${place.features}": ${error.message}`, { file })
  }
}

function columnsOf(rows: Float32Array, width: number, [from, to]: readonly [number, number]): Matrix {
  const count = rows.length / width
  const result = matrix(count, to - from)
  for (let i = 0; i < count; i++) result.data.set(rows.subarray(i * width + from, i * width + to), i * (to - from))
  return result
}

/** Rows that sum to 1: of logits the softmax, of float32 probabilities their shares. */
function probabilitiesOf(rows: Matrix, areProbabilities: boolean): Matrix {
  const { columns } = rows
  const data = rows.data.slice()
  for (let from = 0; from < data.length; from += columns) {
    const row = data.subarray(from, from + columns)
    if (!areProbabilities) {
      const most = row.reduce((largest, value) => Math.max(largest, value), Number.NEGATIVE_INFINITY)
      row.forEach((value, z) => {
        row[z] = Math.exp(value - most)
      })
    }
    const sum = row.reduce((total, value) => total + value, 0)
    row.forEach((value, z) => {
      row[z] = value / sum
    })
  }
  return matrix(rows.rows, columns, data)
}
