import type { RowSource } from './row-source.ts'

interface Labelled {
  readonly classes: readonly string[]
  readonly source: RowSource
}

/** Leaves classes out of which no image can be used, with a warning: a network cannot learn them. */
export function withoutEmptyClasses({ classes, source }: Labelled, warn: (text: string) => void): Labelled {
  const present = new Set(source.rows.labels)
  const kept = [...classes.keys()].filter((label) => present.has(label))
  if (kept.length === classes.length) return { classes, source }
  const empty = classes.filter((_, label) => !present.has(label)).map((name) => `"${name}"`)
  warn(`${source.file}: no image of ${empty.join(', ')} can be used: left out, there is no such class`)
  const labels = source.rows.labels.map((label) => kept.indexOf(label))
  return { classes: kept.map((label) => classes[label]!), source: { ...source, rows: { ...source.rows, labels } } }
}
