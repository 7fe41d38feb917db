import { InvalidInputError } from '../errors.ts'
import { type Random, takeRows } from '../tensor/index.ts'
import type { LabelledDomain } from './domain.ts'
import { UNLABELLED } from './task.ts'

/**
 * How much of the rows a part gets: a fraction of every class, in (0, 1), or a number of rows per class. A class with
 * fewer rows than `perClass` gives all it has; rows without a label are a class of their own to `fraction`, and none to
 * `perClass`.
 */
export type Share = { readonly fraction: number } | { readonly perClass: number }

/** Two parts that have every row once: row numbers, ascending. */
export interface RowSplit {
  readonly part: Int32Array
  readonly rest: Int32Array
}

/**
 * Splits `n` rows at random, class by class, so that both parts keep the classes' proportions: with a fraction `f`, the
 * part has `round(f · n)` rows, and of a class of `m` rows `f · m`, rounded up or down. Which rows depends on `random`'s
 * seed and what was drawn from it before. Throws `InvalidInputError` for a share that cannot be, and where a part would
 * be empty.
 */
export function splitRows(labels: Int32Array, share: Share, random: Random): RowSplit {
  const classes = shuffledClasses(labels, random)
  const counts = 'fraction' in share ? fractionCounts(classes, share.fraction) : classCounts(classes, share.perClass)
  const split = separate(
    labels.length,
    classes.flatMap(({ rows }, c) => rows.slice(0, counts[c])),
  )
  const short = split.part.length === 0 ? 'part' : split.rest.length === 0 ? 'rest' : undefined
  if (short === undefined) return split
  const said = 'fraction' in share ? `a fraction of ${share.fraction}` : `${share.perClass} rows per class`
  const smaller = short === 'rest' ? 'a smaller' : 'a larger'
  throw new InvalidInputError(
    `${said} of ${labels.length} rows leaves ${short === 'rest' ? 'no row over' : 'no row in the part'}: ` +
      `give ${smaller} share, or more labelled rows`,
  )
}

/**
 * Splits `n` rows at random into `folds` parts for cross-validation: in the `k`-th split, `part` is the fold that is held
 * out and `rest` what is left to fit. Every row is held out once; the sizes of the folds differ by one at most, and so do
 * the folds' shares of each class. Throws `InvalidInputError` unless 2 ≤ `folds` ≤ `n`.
 */
export function foldRows(labels: Int32Array, folds: number, random: Random): RowSplit[] {
  const n = labels.length
  if (!Number.isInteger(folds) || folds < 2 || folds > n) {
    throw new InvalidInputError(
      `the number of folds must be a whole number from 2 to the number of rows (${n}), got ${folds}`,
    )
  }
  const dealt = shuffledClasses(labels, random).flatMap(({ rows }) => rows)
  return Array.from({ length: folds }, (_, fold) =>
    separate(
      n,
      dealt.filter((_, i) => i % folds === fold),
    ),
  )
}

/**
 * Splits a domain by itself, so that each of several domains keeps its own classes' proportions. The rows come from a
 * stream forked from `random` by the domain's name: other domains, and what was drawn before, do not change them. Throws
 * as `splitRows` does.
 */
export function splitDomain(
  domain: LabelledDomain,
  share: Share,
  random: Random,
): { readonly part: LabelledDomain; readonly rest: LabelledDomain } {
  const { part, rest } = splitRows(domain.labels, share, random.fork(`split ${domain.name}`))
  return { part: domainRows(domain, part), rest: domainRows(domain, rest) }
}

/**
 * Some rows of a domain, in the order asked for. Throws `InvalidInputError` for a row that it does not have, and where
 * it has not one label per row.
 */
export function domainRows({ name, features, labels }: LabelledDomain, rows: Int32Array): LabelledDomain {
  if (labels.length !== features.rows) {
    throw new InvalidInputError(`domain "${name}" has ${features.rows} rows and ${labels.length} labels: give one each`)
  }
  return { name, features: takeRows(features, rows), labels: rows.map((row) => labels[row]!) }
}

interface ClassRows {
  readonly label: number
  readonly rows: readonly number[]
}

/** The rows of every class in random order, and the classes too: so that rounding favours none. */
function shuffledClasses(labels: Int32Array, random: Random): ClassRows[] {
  const byClass = new Map<number, number[]>()
  for (const row of random.permutation(labels.length)) {
    const rows = byClass.get(labels[row]!)
    if (rows === undefined) byClass.set(labels[row]!, [row])
    else rows.push(row)
  }
  const classes = [...byClass].map(([label, rows]) => ({ label, rows })).sort((a, b) => a.label - b.label)
  return Array.from(random.permutation(classes.length), (c) => classes[c]!)
}

/** Rows of each class: all rounded down, and the classes that lost most by that get what is left of the whole. */
function fractionCounts(classes: readonly ClassRows[], fraction: number): number[] {
  if (!(fraction > 0 && fraction < 1)) {
    throw new InvalidInputError(`the fraction of rows in a part lies between 0 and 1, both excluded, got ${fraction}`)
  }
  const wanted = classes.map(({ rows }) => fraction * rows.length)
  const counts = wanted.map(Math.floor)
  const all = classes.reduce((sum, { rows }) => sum + rows.length, 0)
  const left = Math.round(fraction * all) - counts.reduce((sum, count) => sum + count, 0)
  const order = [...wanted.keys()].sort((a, b) => wanted[b]! - counts[b]! - (wanted[a]! - counts[a]!))
  for (const c of order.slice(0, left)) counts[c] = counts[c]! + 1
  return counts
}

function classCounts(classes: readonly ClassRows[], perClass: number): number[] {
  if (!Number.isInteger(perClass) || perClass < 1) {
    throw new InvalidInputError(`the rows per class must be a whole number of 1 or more, got ${perClass}`)
  }
  return classes.map(({ label, rows }) => (label === UNLABELLED ? 0 : Math.min(perClass, rows.length)))
}

function separate(n: number, part: readonly number[]): RowSplit {
  const chosen = new Uint8Array(n)
  for (const row of part) chosen[row] = 1
  const rows = Int32Array.from({ length: n }, (_, row) => row)
  return { part: rows.filter((row) => chosen[row] === 1), rest: rows.filter((row) => chosen[row] === 0) }
}
