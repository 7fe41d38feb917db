import type { Candidate } from './candidates.ts'
import type { EpisodeScores } from './evaluate-episodes.ts'
import { type MeanInterval, meanInterval } from './mean-interval.ts'

/** One candidate over all episodes. */
export interface FewShotScore extends Omit<Candidate, 'fit'>, EpisodeScores {
  readonly accuracy: MeanInterval
  /** How much more accurate the best candidate is on the same episodes; null for the best itself. */
  readonly behind: MeanInterval | null
}

/** The candidates' results with intervals, and with how far behind the most accurate one each is (the first of equals). */
export function fewShotScores(candidates: readonly Candidate[], results: readonly EpisodeScores[]): FewShotScore[] {
  const accuracies = results.map((result) => meanInterval(result.accuracies))
  const best = accuracies.reduce((first, { mean }, k) => (mean > accuracies[first]!.mean ? k : first), 0)
  return results.map((result, k) => {
    const { fit: _, ...candidate } = candidates[k]!
    const behind = result.accuracies.map((value, e) => results[best]!.accuracies[e]! - value)
    return { ...candidate, ...result, accuracy: accuracies[k]!, behind: k === best ? null : meanInterval(behind) }
  })
}
