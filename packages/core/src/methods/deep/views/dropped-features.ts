import type { View } from '../trainer/domain-batches.ts'

/** Replaces each value, with the chance `part`, by its feature's mean: a row some of whose features are not known. */
export const droppedFeatures =
  (means: ArrayLike<number>, part: number): View =>
  (rows, _, random) =>
    rows.map((value, at) => (random.uniform() < part ? means[at % means.length]! : value))
