import { InvalidInputError } from '../errors.ts'
import { type Matrix, rowOf } from '../tensor/index.ts'
import { checkFinite } from './present-classes.ts'

/** How far a row's sum may be from 1: float32 softmax over thousands of classes stays well below. */
const SLACK = 1e-3

/** Throws `InvalidInputError` unless every row of `probabilities` (`n × z`) is a distribution. */
export function checkProbabilities(probabilities: Matrix): void {
  checkFinite('the source probabilities', probabilities)
  for (let i = 0; i < probabilities.rows; i++) {
    const row = rowOf(probabilities, i)
    const sum = row.reduce((total, value) => total + value, 0)
    if (Math.abs(sum - 1) <= SLACK && row.every((value) => value >= 0)) continue
    throw new InvalidInputError(
      `source probabilities are not negative and sum to 1, got a row with the sum ${sum}: put logits through a softmax first`,
      { row: i + 1 },
    )
  }
}

/** The most probable source class of each row (`n`); of equals the first. */
export function likeliestClasses(probabilities: Matrix): Int32Array {
  return Int32Array.from({ length: probabilities.rows }, (_, i) => {
    const row = rowOf(probabilities, i)
    let best = 0
    for (let z = 1; z < row.length; z++) if (row[z]! > row[best]!) best = z
    return best
  })
}
