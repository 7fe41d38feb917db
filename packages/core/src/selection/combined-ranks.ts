import { InvalidInputError } from '../errors.ts'

/** One candidate's places. */
export interface CombinedRank {
  /** From 1, the best; candidates that tie share the smaller number. */
  readonly rank: number
  /** The mean of its places in the scores that it has, from 0, the best, to 1. */
  readonly meanPlace: number
}

/**
 * Orders candidates by several scores at once. In each score the candidates that have it are placed from 0 (highest) to 1
 * (lowest), ties in the middle of their places; a candidate's mean place over its scores decides, so that one that lacks a
 * score is judged by the others. `scores[s][c]` is candidate `c`'s value of score `s`, null where it has none; a score that
 * fewer than two candidates have places nobody, nor does one in which all are equal. Throws `InvalidInputError` where the
 * lists differ in length.
 */
export function combineRanks(scores: readonly (readonly (number | null)[])[]): CombinedRank[] {
  const count = scores[0]?.length ?? 0
  const sums = new Float64Array(count)
  const placed = new Int32Array(count)
  for (const values of scores) {
    if (values.length !== count) {
      throw new InvalidInputError(`scores of ${count} and of ${values.length} candidates cannot be combined`)
    }
    const there = values.filter((value) => value !== null)
    if (new Set(there).size < 2) continue
    values.forEach((value, c) => {
      if (value === null) return
      const above = there.filter((other) => other > value).length
      const equal = there.filter((other) => other === value).length - 1
      sums[c] += (above + equal / 2) / (there.length - 1)
      placed[c] += 1
    })
  }
  const places = Array.from(sums, (sum, c) => (placed[c] === 0 ? 0.5 : sum / placed[c]))
  return places.map((meanPlace) => ({ meanPlace, rank: 1 + places.filter((other) => other < meanPlace).length }))
}
