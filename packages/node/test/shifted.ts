import { seededRandom } from 'graft-learn'

export interface ShiftedOptions {
  readonly rows?: number
  readonly features?: number
  /** What is added to every feature. */
  readonly shift?: number
  readonly seed?: number
  /** Class names in turn; default `a`, `b`, `c`. */
  readonly classes?: readonly string[]
  readonly labelled?: boolean
}

/** Rows of Gaussian classes, each around a point of its own, all of them moved by `shift`. */
export function shiftedRows(options: ShiftedOptions = {}): { rows: number[][]; labels: string[] } {
  const { rows = 40, features = 4, shift = 0, seed = 0, classes = ['a', 'b', 'c'] } = options
  const random = seededRandom(seed)
  const labels = Array.from({ length: rows }, (_, i) => classes[i % classes.length]!)
  const values = labels.map((label) =>
    Array.from({ length: features }, (_, j) => {
      const mean = j % classes.length === classes.indexOf(label) ? 4 : 0
      return mean + random.normal() + shift
    }),
  )
  return { rows: values, labels }
}

/** The same as the text of a CSV file with the columns `x0`, `x1`, … and, unless asked otherwise, `label`. */
export function shiftedCsv(options: ShiftedOptions = {}): string {
  const { rows, labels } = shiftedRows(options)
  const { labelled = true } = options
  const names = rows[0]!.map((_, j) => `x${j}`)
  const head = labelled ? [...names, 'label'] : names
  const lines = rows.map((row, i) => [...row.map((value) => value.toFixed(4)), ...(labelled ? [labels[i]!] : [])])
  return `${[head, ...lines].map((line) => line.join(',')).join('\n')}\n`
}
