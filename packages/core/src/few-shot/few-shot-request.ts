import { InvalidInputError } from '../errors.ts'
import type { Stage } from '../onnx/index.ts'
import type { Runtime } from '../runtime/index.ts'
import type { Matrix } from '../tensor/index.ts'
import type { CandidateRequest } from './candidates.ts'
import { checkCount, type EpisodeOptions, rowsByClass } from './episodes.ts'

/** Labelled rows of features, and what is to be done with them. */
export interface FewShotRequest extends EpisodeOptions {
  /** `n × d`, as a frozen backbone gives them. */
  readonly features: Matrix
  /** `n` class indices, `UNLABELLED` where a row has no label. */
  readonly labels: Int32Array
  readonly classes: readonly string[]
  /** Classifiers to try; default `fewShotCandidates`. */
  readonly candidates?: readonly CandidateRequest[]
  /** The name of the candidate to end with; default: the most accurate over the episodes. */
  readonly choose?: string
  /** Fit the final classifier on `shots` rows of each class (default), as the episodes did, or on `all`. */
  readonly fitOn?: 'shots' | 'all'
  /** Applied to all rows first, and part of the final stage: as a centring by rows of other classes. Default: nothing. */
  readonly preparation?: Stage
  readonly runtime: Runtime
  /** Default 0. */
  readonly seed?: number
  readonly signal?: AbortSignal
  readonly progress?: (done: number, total: number) => void
}

/** Throws `InvalidInputError` for numbers and labels that cannot be, and for rows of fewer than two classes. */
export function checkRequest({ features, labels, classes, shots, episodes = 2 }: FewShotRequest): void {
  checkCount('shots', shots, 1)
  checkCount('episodes', episodes, 2)
  if (labels.length !== features.rows) {
    throw new InvalidInputError(`${features.rows} rows need as many labels, got ${labels.length}`)
  }
  const present = rowsByClass(labels)
  const wrong = present.find(({ label }) => label < 0 || label >= classes.length)
  if (wrong !== undefined) {
    const location = { row: wrong.rows[0]! + 1 }
    throw new InvalidInputError(
      `a label is a class index from 0 to ${classes.length - 1}, got ${wrong.label}`,
      location,
    )
  }
  if (present.length < 2) {
    throw new InvalidInputError(`telling classes apart needs rows of two or more, got rows of ${present.length}`)
  }
}
