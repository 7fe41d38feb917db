import type { View } from '../trainer/domain-batches.ts'

/** Adds normal noise to each value, of `amount` times its feature's standard deviation. */
export const noisy =
  (deviations: ArrayLike<number>, amount: number): View =>
  (rows, _, random) =>
    rows.map((value, at) => value + amount * deviations[at % deviations.length]! * random.normal())
