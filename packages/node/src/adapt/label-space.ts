import { UNLABELLED } from 'graft-learn'

/** Labels of rows by name; null where a row has none. */
export type Labels = readonly (string | null)[]

/** The classes that occur among labels, in natural order: by value where all are numbers, else `a2` before `a10`. */
export function classesOf(...lists: readonly (Labels | null)[]): string[] {
  const found = new Set<string>()
  for (const list of lists) for (const label of list ?? []) if (label !== null) found.add(label)
  const names = [...found]
  if (names.every((name) => name.trim() !== '' && Number.isFinite(Number(name)))) {
    return names.sort((a, b) => Number(a) - Number(b) || byCodeUnits(a, b))
  }
  const { compare } = new Intl.Collator('en', { numeric: true })
  return names.sort((a, b) => compare(a, b) || byCodeUnits(a, b))
}

const byCodeUnits = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/**
 * Labels as indices into `classes`: `UNLABELLED` where there is none, and `unknown` (by default `UNLABELLED` too)
 * where the label is none of the classes.
 */
export function encodeLabels(labels: Labels, classes: readonly string[], unknown = UNLABELLED): Int32Array {
  const indices = new Map(classes.map((name, i) => [name, i]))
  return Int32Array.from(labels, (label) => (label === null ? UNLABELLED : (indices.get(label) ?? unknown)))
}

/** How many rows carry a label. */
export const countLabelled = (labels: Labels | null): number =>
  labels === null ? 0 : labels.reduce((count, label) => count + (label === null ? 0 : 1), 0)
