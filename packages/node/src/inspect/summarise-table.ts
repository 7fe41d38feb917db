import { type Features, isSparse } from 'graft-learn'
import { classesOf, countLabelled } from '../adapt/label-space.ts'
import type { Table } from '../tables/index.ts'

/** What a data file holds. */
export interface TableSummary {
  readonly file: string
  readonly kind: 'data'
  readonly rows: number
  readonly features: number
  /** Column names; null where the file names none. */
  readonly columns: readonly string[] | null
  /** Rows by class, in natural order; null where the file has no label column. */
  readonly classes: readonly { readonly name: string; readonly rows: number }[] | null
  readonly unlabelled: number
  /** Smallest and largest value of all features; null where there are none. */
  readonly range: readonly [number, number] | null
  /** Columns that hold one value only. */
  readonly constantFeatures: readonly string[]
  readonly sparse: boolean
  /** Share of values that are not zero. */
  readonly density: number
}

/** Counts and ranges of a table. */
export function summariseTable({ file, columns, named, features, labels }: Table): TableSummary {
  const { minima, maxima, nonzero } = columnRanges(features)
  const constant = Array.from(minima.keys()).filter((j) => minima[j] === maxima[j])
  const values = features.rows * features.columns
  return {
    file,
    kind: 'data',
    rows: features.rows,
    features: features.columns,
    columns: named ? columns : null,
    classes: labels === null ? null : countClasses(labels),
    unlabelled: features.rows - countLabelled(labels),
    range: values === 0 ? null : [least(minima), -least(maxima.map((value) => -value))],
    constantFeatures: constant.map((j) => columns[j] ?? `${j + 1}`),
    sparse: isSparse(features),
    density: values === 0 ? 0 : nonzero / values,
  }
}

function countClasses(labels: readonly (string | null)[]): { name: string; rows: number }[] {
  const counts = new Map(classesOf(labels).map((name) => [name, 0]))
  for (const label of labels) if (label !== null) counts.set(label, counts.get(label)! + 1)
  return [...counts].map(([name, rows]) => ({ name, rows }))
}

interface ColumnRanges {
  readonly minima: Float64Array
  readonly maxima: Float64Array
  readonly nonzero: number
}

function columnRanges(features: Features): ColumnRanges {
  const { rows, columns } = features
  const minima = new Float64Array(columns).fill(Number.POSITIVE_INFINITY)
  const maxima = new Float64Array(columns).fill(Number.NEGATIVE_INFINITY)
  let nonzero = 0
  const see = (j: number, value: number): void => {
    if (value < minima[j]!) minima[j] = value
    if (value > maxima[j]!) maxima[j] = value
    if (value !== 0) nonzero++
  }
  if (!isSparse(features)) {
    for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) see(j, features.data[i * columns + j]!)
    return { minima, maxima, nonzero }
  }
  const stored = new Int32Array(columns)
  features.indices.forEach((j, k) => {
    stored[j] = stored[j]! + 1
    see(j, features.values[k]!)
  })
  for (let j = 0; j < columns; j++) if (stored[j]! < rows) see(j, 0)
  return { minima, maxima, nonzero }
}

const least = (values: Float64Array): number => values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
