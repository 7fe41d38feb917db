import { InvalidInputError } from '../errors.ts'

/** The classes that have rows, numbered anew from 0 in the order of their indices. */
export interface PresentClasses {
  /** `C`: how many there are, two or more. */
  readonly count: number
  /** `n`: each row's class, from 0 to `C − 1`. */
  readonly of: Int32Array
  /** `C`: rows of each class, none 0. */
  readonly sizes: Int32Array
}

/**
 * Leaves out the classes without rows: they say nothing of the features. Throws `InvalidInputError` unless there are
 * `rows` labels, none of them negative, of two classes or more.
 */
export function presentClasses(labels: Int32Array, rows: number): PresentClasses {
  if (labels.length !== rows) throw new InvalidInputError(`${rows} rows need a label each, got ${labels.length} labels`)
  const unlabelled = labels.findIndex((label) => label < 0)
  if (unlabelled >= 0) {
    throw new InvalidInputError(`a score needs labelled rows, leave out those without a label`, { row: unlabelled + 1 })
  }
  const indices = [...new Set(labels)].sort((a, b) => a - b)
  if (indices.length < 2) {
    throw new InvalidInputError(`a score needs rows of two classes or more, got ${indices.length}`)
  }
  const number = new Map(indices.map((label, i) => [label, i]))
  const of = labels.map((label) => number.get(label)!)
  const sizes = new Int32Array(indices.length)
  for (const label of of) sizes[label] = sizes[label]! + 1
  return { count: indices.length, of, sizes }
}

/** Throws `InvalidInputError`, which names the first row, where a matrix holds an infinite value or none at all. */
export function checkFinite(
  what: string,
  { rows, columns, data }: { rows: number; columns: number; data: Float64Array },
) {
  if (rows === 0 || columns === 0)
    throw new InvalidInputError(`${what} are ${rows} × ${columns}: there is nothing to score`)
  const at = data.findIndex((value) => !Number.isFinite(value))
  if (at < 0) return
  throw new InvalidInputError(`${what} must be finite, got ${data[at]}`, {
    row: Math.floor(at / columns) + 1,
    column: (at % columns) + 1,
  })
}
