import { applyStages, type Runtime } from '../runtime/index.ts'
import { type Matrix, type Random, rowOf, takeRows } from '../tensor/index.ts'
import type { Candidate } from './candidates.ts'
import type { Episode } from './episodes.ts'

/** What evaluating needs from outside. */
export interface EpisodeContext {
  readonly runtime: Runtime
  readonly random: Random
  /** Stops the work between two episodes, with the signal's reason. */
  readonly signal?: AbortSignal
  /** Called after each episode. */
  readonly progress?: (done: number, total: number) => void
}

/** How one candidate did. */
export interface EpisodeScores {
  /** One per episode: the mean over the classes of the share of their rows that is predicted right. */
  readonly accuracies: Float64Array
  /** Time of fitting and predicting, all episodes together. */
  readonly seconds: number
}

/** Timers and signals are served this often, in milliseconds: graphs run on the thread that calls them. */
const BREATH = 50

/** Fits every candidate on each episode's support rows of `features` (`n × d`) and scores it on the query rows. */
export async function evaluateEpisodes(
  features: Matrix,
  episodes: readonly Episode[],
  candidates: readonly Candidate[],
  { runtime, random, signal, progress }: EpisodeContext,
): Promise<EpisodeScores[]> {
  const scores = candidates.map(() => ({ accuracies: new Float64Array(episodes.length), seconds: 0 }))
  let breath = performance.now()
  for (const [e, { classes, support, query }] of episodes.entries()) {
    signal?.throwIfAborted()
    const set = { features: takeRows(features, support.rows), labels: support.labels, classes: classes.length }
    const asked = takeRows(features, query.rows)
    for (const [k, { fit }] of candidates.entries()) {
      const start = performance.now()
      const stage = await fit(set, { runtime, random: random.fork(`fit ${e}`) })
      const probabilities = await applyStages(runtime, [stage], asked)
      scores[k]!.seconds += (performance.now() - start) / 1000
      scores[k]!.accuracies[e] = meanRecall(probabilities, query.labels)
    }
    progress?.(e + 1, episodes.length)
    if (performance.now() - breath < BREATH) continue
    await new Promise<void>((resolve) => setTimeout(resolve))
    breath = performance.now()
  }
  return scores
}

/** The mean over the classes, all of which have rows, of the share of their rows whose largest probability is theirs. */
function meanRecall(probabilities: Matrix, labels: Int32Array): number {
  const classes = probabilities.columns
  const [right, all] = [new Float64Array(classes), new Float64Array(classes)]
  labels.forEach((label, i) => {
    const row = rowOf(probabilities, i)
    const predicted = row.reduce((best, p, c) => (p > row[best]! ? c : best), 0)
    all[label]! += 1
    if (predicted === label) right[label]! += 1
  })
  return right.reduce((sum, count, c) => sum + count / all[c]!, 0) / classes
}
