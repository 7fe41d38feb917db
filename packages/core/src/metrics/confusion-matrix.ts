import { InvalidInputError } from '../errors.ts'
import { type Matrix, matrix } from '../tensor/index.ts'
import { labelledPairs } from './labelled-pairs.ts'

/**
 * Counts of rows by true class (row of the result) and predicted class (column), `classes × classes`. Rows without a true
 * label are left out. Throws `InvalidInputError` for class indices out of range.
 */
export function confusionMatrix(predicted: Int32Array, truth: Int32Array, classes: number): Matrix {
  const counts = matrix(classes, classes)
  for (const pair of labelledPairs(predicted, truth)) {
    for (const label of [pair.truth, pair.predicted]) {
      if (label < 0 || label >= classes) {
        throw new InvalidInputError(`a class index is from 0 to ${classes - 1}, got ${label}`, { row: pair.row + 1 })
      }
    }
    counts.data[pair.truth * classes + pair.predicted]++
  }
  return counts
}
