import type { View } from '../trainer/domain-batches.ts'

/** One change of the rows after the other, each with random numbers of its own. */
export const inTurn =
  (...views: readonly View[]): View =>
  (rows, count, random) =>
    views.reduce((changed, view, i) => view(changed, count, random.fork(`${i}`)), rows)
