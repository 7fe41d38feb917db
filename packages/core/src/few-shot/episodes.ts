import { UNLABELLED } from '../data/index.ts'
import { InvalidInputError } from '../errors.ts'
import type { Random } from '../tensor/index.ts'

/** How episodes are drawn. */
export interface EpisodeOptions {
  /** Classes of an episode; default: all that have rows enough, but 20 of them at most. */
  readonly ways?: number
  /** Rows of each class to fit on. */
  readonly shots: number
  /** Further rows of each class to score on, at most; default 15. */
  readonly queries?: number
  /** How many there are; default 600, or 100 where one has more than 200 rows to fit on. */
  readonly episodes?: number
}

/** One small problem: which rows are fitted on and which are scored. Its classes are numbered from 0 in drawn order. */
export interface Episode {
  /** `ways` labels: class `k` of the episode is `classes[k]`. */
  readonly classes: Int32Array
  /** `ways · shots` row numbers, and each row's class in the episode. */
  readonly support: EpisodeRows
  /** At most `ways · queries` row numbers, at least one of each class; none is in `support`. */
  readonly query: EpisodeRows
}

/** Rows of an episode. */
export interface EpisodeRows {
  readonly rows: Int32Array
  readonly labels: Int32Array
}

/** A class and its number of rows. */
export interface ClassRows {
  readonly label: number
  readonly rows: number
}

/** Episodes, and what they leave out. */
export interface EpisodeDraw {
  readonly ways: number
  readonly shots: number
  readonly queries: number
  readonly episodes: readonly Episode[]
  /** Classes with fewer than `shots + 1` rows: they are in no episode. */
  readonly tooSmall: readonly ClassRows[]
}

/** Classes of an episode unless told otherwise, at most: what hundreds of episodes can be afforded of. */
const MOST_WAYS = 20

/** Episodes with more rows to fit on than this are fewer, unless told otherwise. */
const MANY_ROWS = 200

/**
 * Draws episodes from labelled rows (`UNLABELLED` ones are left out): `ways` classes at random, of each `shots` rows to fit
 * on and up to `queries` others to score on (fewer where the class has no more). Episode `e` depends on `random`'s seed
 * and `e` alone, and with the same seed more shots keep the fewer ones' rows and, where classes are large enough, the
 * scored rows too. Throws `InvalidInputError` for numbers that cannot be, and where fewer than two classes, or than `ways`,
 * have `shots + 1` rows.
 *
 * Vinyals, Blundell, Lillicrap, Kavukcuoglu and Wierstra 2016, Matching Networks for One Shot Learning.
 */
export function drawEpisodes(labels: Int32Array, options: EpisodeOptions, random: Random): EpisodeDraw {
  const { shots, queries = 15 } = options
  checkCount('shots', shots, 1)
  checkCount('queries', queries, 1)
  const classes = rowsByClass(labels)
  const large = classes.filter(({ rows }) => rows.length > shots)
  const tooSmall = classes
    .filter(({ rows }) => rows.length <= shots)
    .map(({ label, rows }) => ({ label, rows: rows.length }))
  const ways = options.ways ?? Math.max(2, Math.min(large.length, MOST_WAYS))
  checkCount('ways', ways, 2)
  const episodes = options.episodes ?? (ways * shots > MANY_ROWS ? 100 : 600)
  checkCount('episodes', episodes, 1)
  if (large.length < ways) {
    throw new InvalidInputError(
      `episodes of ${ways} classes with ${shots} ${shots === 1 ? 'row' : 'rows'} each, and one to score, need ${ways} classes of ` +
        `${shots + 1} rows or more, got ${large.length}: give more rows, or ask for fewer shots or ways`,
    )
  }
  const draw = (_: unknown, e: number) => drawEpisode(large, { ways, shots, queries }, random.fork(`episode ${e}`))
  return { ways, shots, queries, tooSmall, episodes: Array.from({ length: episodes }, draw) }
}

/** The row numbers of each class that has any, by ascending label. */
export function rowsByClass(labels: Int32Array): { readonly label: number; readonly rows: readonly number[] }[] {
  const byLabel = new Map<number, number[]>()
  labels.forEach((label, row) => {
    if (label === UNLABELLED) return
    const rows = byLabel.get(label)
    if (rows === undefined) byLabel.set(label, [row])
    else rows.push(row)
  })
  return [...byLabel].map(([label, rows]) => ({ label, rows })).sort((a, b) => a.label - b.label)
}

/** Throws `InvalidInputError` unless the number is a whole one, `least` or more. */
export function checkCount(what: string, value: number, least: number): void {
  if (Number.isInteger(value) && value >= least) return
  throw new InvalidInputError(`the number of ${what} is a whole number of ${least} or more, got ${value}`)
}

function drawEpisode(
  classes: ReturnType<typeof rowsByClass>,
  { ways, shots, queries }: Required<Omit<EpisodeOptions, 'episodes'>>,
  random: Random,
): Episode {
  const chosen = Array.from(random.permutation(classes.length).subarray(0, ways), (c) => classes[c]!)
  const [support, query]: [number[][], number[][]] = [[], []]
  for (const { label, rows } of chosen) {
    const order = random.fork(`class ${label}`).permutation(rows.length)
    support.push(Array.from(order.subarray(rows.length - shots), (i) => rows[i]!))
    query.push(Array.from(order.subarray(0, Math.min(queries, rows.length - shots)), (i) => rows[i]!))
  }
  const classesOf = Int32Array.from(chosen, ({ label }) => label)
  return { classes: classesOf, support: episodeRows(support), query: episodeRows(query) }
}

const episodeRows = (byClass: readonly (readonly number[])[]): EpisodeRows => ({
  rows: Int32Array.from(byClass.flat()),
  labels: Int32Array.from(byClass.flatMap((rows, k) => rows.map(() => k))),
})
