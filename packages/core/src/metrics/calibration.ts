import { InvalidInputError } from '../errors.ts'
import { type Matrix, rowOf } from '../tensor/index.ts'
import { labelledPairs } from './labelled-pairs.ts'

/**
 * How far confidence is from accuracy: rows fall by their highest probability into `bins` equal intervals `((b − 1)/B, b/B]`,
 * and the result is `Σ_b (n_b / n)·|accuracy_b − mean confidence_b|`. `probabilities` is `n × classes`; rows without a true
 * label are left out.
 *
 * Guo, Pleiss, Sun, Weinberger 2017, On Calibration of Modern Neural Networks.
 */
export function expectedCalibrationError(probabilities: Matrix, truth: Int32Array, bins = 15): number {
  if (!Number.isInteger(bins) || bins < 1) throw new InvalidInputError(`the number of bins is 1 or more, got ${bins}`)
  const predicted = Int32Array.from({ length: probabilities.rows }, (_, i) => mostProbable(rowOf(probabilities, i)))
  const pairs = labelledPairs(predicted, truth)
  const gaps = new Float64Array(bins)
  for (const pair of pairs) {
    const confidence = rowOf(probabilities, pair.row)[pair.predicted]
    const bin = Math.min(bins - 1, Math.max(0, Math.ceil(confidence * bins) - 1))
    gaps[bin] += (pair.predicted === pair.truth ? 1 : 0) - confidence
  }
  return gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / pairs.length
}

function mostProbable(row: Float64Array): number {
  let best = 0
  for (let c = 1; c < row.length; c++) if (row[c] > row[best]) best = c
  return best
}
