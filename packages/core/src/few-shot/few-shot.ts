import { InvalidInputError } from '../errors.ts'
import { composeStages, identityStage, type Stage } from '../onnx/index.ts'
import { applyStages } from '../runtime/index.ts'
import { type Random, seededRandom, takeRows } from '../tensor/index.ts'
import { type Candidate, fewShotCandidates, findCandidates } from './candidates.ts'
import { drawEpisodes, type EpisodeOptions, rowsByClass } from './episodes.ts'
import { evaluateEpisodes } from './evaluate-episodes.ts'
import { checkRequest, type FewShotRequest } from './few-shot-request.ts'
import { type FewShotScore, fewShotScores } from './few-shot-scores.ts'

/** What `fewShot` found. */
export interface FewShot {
  /** From features (`N × d`) to class probabilities (`N × classes`). */
  readonly stage: Stage
  /** Which candidate that is. */
  readonly chosen: Omit<Candidate, 'fit'>
  /** The rows it was fitted on, ascending. */
  readonly rows: Int32Array
  /** In the candidates' order; none where there were no episodes. */
  readonly scores: readonly FewShotScore[]
  /** Null where fewer than two classes have `shots + 1` rows. */
  readonly episodes: Required<EpisodeOptions> | null
  /** Classes with fewer than `shots + 1` rows: in no episode, but in the final classifier if they have any. */
  readonly tooSmall: readonly { readonly name: string; readonly rows: number }[]
}

/**
 * Tells classes apart from a few rows each: tries classifiers on many episodes drawn from the labelled rows, all on the
 * same ones, and fits the best, or the one that was asked for. With so few rows that no episode can be drawn, such as
 * one per class, the first candidate is fitted and there are no scores. Throws `InvalidInputError` for rows of fewer than two
 * classes and whatever `drawEpisodes` or the classifiers refuse.
 */
export async function fewShot(request: FewShotRequest): Promise<FewShot> {
  const { labels, classes, shots, runtime, preparation = identityStage, choose } = request
  const random = seededRandom(request.seed ?? 0)
  const candidates = findCandidates(request.candidates ?? fewShotCandidates)
  checkRequest(request)
  const named = choose === undefined ? undefined : namedCandidate(candidates, choose)
  const features = await applyStages(runtime, [preparation], request.features)
  const counts = new Map(rowsByClass(labels).map(({ label, rows }) => [label, rows.length]))
  const sizes = classes.map((name, label) => ({ name, rows: counts.get(label) ?? 0 }))
  const tooSmall = sizes.filter(({ rows }) => rows <= shots)

  const drawn =
    classes.length - tooSmall.length < 2 && request.ways === undefined
      ? undefined
      : drawEpisodes(labels, request, random.fork('episodes'))
  const results =
    drawn === undefined ? [] : await evaluateEpisodes(features, drawn.episodes, candidates, { ...request, random })
  const scores = fewShotScores(candidates, results)
  const best = scores.findIndex(({ behind }) => behind === null)
  const { fit, ...chosen } = named ?? candidates[Math.max(0, best)]!
  const rows = request.fitOn === 'all' ? allRows(labels) : shotRows(labels, shots, random.fork('shots'))
  const set = {
    features: takeRows(features, rows),
    labels: rows.map((row) => labels[row]!),
    classes: classes.length,
  }
  const classifier = await fit(set, { runtime, random: random.fork('classifier') })
  return {
    stage: composeStages([preparation, classifier]),
    chosen,
    rows,
    scores,
    episodes:
      drawn === undefined ? null : { ways: drawn.ways, shots, queries: drawn.queries, episodes: drawn.episodes.length },
    tooSmall,
  }
}

function namedCandidate(candidates: readonly Candidate[], name: string): Candidate {
  const found = candidates.find((candidate) => candidate.name === name)
  if (found !== undefined) return found
  const names = candidates.map((candidate) => candidate.name).join(', ')
  throw new InvalidInputError(`no classifier to try is named "${name}": there are ${names}`)
}

const allRows = (labels: Int32Array): Int32Array => ascending(rowsByClass(labels).flatMap(({ rows }) => rows))

/** `shots` rows of each class at random; all of a class that has no more. */
const shotRows = (labels: Int32Array, shots: number, random: Random): Int32Array =>
  ascending(
    rowsByClass(labels).flatMap(({ label, rows }) => {
      const order = random.fork(`class ${label}`).permutation(rows.length)
      return Array.from(order.subarray(0, shots), (i) => rows[i]!)
    }),
  )

const ascending = (rows: readonly number[]): Int32Array => Int32Array.from(rows).sort()
