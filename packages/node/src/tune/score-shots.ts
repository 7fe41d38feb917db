import { applyStages, type Matrix, type Runtime, rowOf, type Stage } from 'graft-learn'

/** What a classifier on features says of labelled rows. */
export interface ScoredShots {
  /** `n` class indices. */
  readonly predicted: Int32Array
  /** `n × classes`. */
  readonly probabilities: Matrix
  readonly accuracy: number
}

/** Applies a classifier to features. */
export async function scoreShots(
  runtime: Runtime,
  stage: Stage,
  features: Matrix,
  labels: Int32Array,
): Promise<ScoredShots> {
  const probabilities = await applyStages(runtime, [stage], features)
  const predicted = Int32Array.from({ length: features.rows }, (_, i) => {
    const row = rowOf(probabilities, i)
    return row.indexOf(Math.max(...row))
  })
  const right = predicted.reduce((sum, label, i) => sum + (label === labels[i] ? 1 : 0), 0)
  return { predicted, probabilities, accuracy: right / labels.length }
}
