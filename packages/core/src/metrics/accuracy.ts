import { labelledPairs } from './labelled-pairs.ts'

/**
 * The share of rows predicted right. `predicted` and `truth` hold a class index per row; rows without a true label are
 * left out. Throws `InvalidInputError` when no row is labelled.
 */
export function accuracy(predicted: Int32Array, truth: Int32Array): number {
  const pairs = labelledPairs(predicted, truth)
  return pairs.filter((pair) => pair.predicted === pair.truth).length / pairs.length
}
