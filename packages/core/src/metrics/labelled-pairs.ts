import { UNLABELLED } from '../data/index.ts'
import { InvalidInputError } from '../errors.ts'

/** A predicted and a true class, and the row they belong to. */
export interface LabelledPair {
  readonly row: number
  readonly predicted: number
  readonly truth: number
}

/**
 * The rows whose true class is known, in order; those that are `UNLABELLED` are left out. Throws `InvalidInputError` when
 * the lengths differ or no row is labelled.
 */
export function labelledPairs(predicted: Int32Array, truth: Int32Array): LabelledPair[] {
  if (predicted.length !== truth.length) {
    throw new InvalidInputError(
      `as many predictions as true labels are needed, got ${predicted.length} and ${truth.length}`,
    )
  }
  const pairs: LabelledPair[] = []
  truth.forEach((label, row) => {
    if (label !== UNLABELLED) pairs.push({ row, predicted: predicted[row], truth: label })
  })
  if (pairs.length === 0) throw new InvalidInputError('a score needs at least one labelled row, got none')
  return pairs
}
