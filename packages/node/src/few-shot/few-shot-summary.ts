import type { FewShot, FewShotScore } from 'graft-learn'

/** How one classifier did over the episodes; shares in 0 … 1. */
export interface FewShotLine {
  /** The id, with the settings that tell it from others: `prototypes metric=cosine`. */
  readonly name: string
  readonly classifier: string
  readonly options: Readonly<Record<string, unknown>>
  readonly accuracy: number
  /** The 95 % confidence interval is `accuracy ± halfWidth`. */
  readonly halfWidth: number
  /** How much more accurate the best is on the same episodes, with its interval; null for the best itself. */
  readonly behind: { readonly accuracy: number; readonly halfWidth: number } | null
  /** Of fitting and predicting, all episodes together. */
  readonly seconds: number
}

/** What `--json` and the report say of learning from a few rows of each class. */
export interface FewShotSummary {
  readonly shots: number
  /** Null where too few classes have `shots + 1` rows. */
  readonly episodes: { readonly count: number; readonly ways: number; readonly queries: number } | null
  /** Most accurate first; none without episodes. */
  readonly classifiers: readonly FewShotLine[]
  /** Which of them was fitted in the end. */
  readonly chosen: { readonly name: string; readonly classifier: string; readonly options: FewShotLine['options'] }
  /** On how many rows. */
  readonly rows: number
  /** Classes with fewer than `shots + 1` rows, which are in no episode. */
  readonly tooSmall: FewShot['tooSmall']
}

/** The numbers of a result, without accuracies by episode and without the stage. */
export function fewShotSummary({ episodes, scores, chosen, rows, tooSmall }: FewShot, shots: number): FewShotSummary {
  const rank = ({ behind }: FewShotScore): number => (behind === null ? -1 : Math.max(0, behind.mean))
  const sorted = [...scores].sort((a, b) => rank(a) - rank(b))
  return {
    shots,
    episodes: episodes === null ? null : { count: episodes.episodes, ways: episodes.ways, queries: episodes.queries },
    classifiers: sorted.map(lineOf),
    chosen,
    rows: rows.length,
    tooSmall,
  }
}

const lineOf = ({ name, classifier, options, accuracy, behind, seconds }: FewShotScore): FewShotLine => ({
  name,
  classifier,
  options,
  accuracy: accuracy.mean,
  halfWidth: accuracy.halfWidth,
  behind: behind === null ? null : { accuracy: Math.max(0, behind.mean), halfWidth: behind.halfWidth },
  seconds,
})
