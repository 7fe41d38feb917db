import { type TransferProblem, UNLABELLED } from '../../../data/index.ts'
import type { Matrix } from '../../../tensor/index.ts'

/** Rows of one domain as a network takes them. */
export interface DeepRows {
  readonly rows: number
  /** `rows × features`. */
  readonly data: Float32Array
  readonly features: number
  /** `rows` class indices; absent where rows have none. */
  readonly labels?: Int32Array
}

/** What a network learns from. */
export interface DeepProblem {
  readonly sources: readonly (DeepRows & { readonly labels: Int32Array })[]
  /** The rows to predict. */
  readonly target: DeepRows
  readonly labelledTarget?: DeepRows & { readonly labels: Int32Array }
  /** Classes that have rows: labels count through these. */
  readonly classes: number
  /** Their numbers among the classes of the task. */
  readonly present: Int32Array
}

/** The rows of a problem in single precision; source rows without a label are left out, and sources of such rows alone. */
export function deepProblem({ sources, target, labelledTarget }: TransferProblem): DeepProblem {
  const seen = [...sources, ...(labelledTarget === undefined ? [] : [labelledTarget])].flatMap(({ labels }) => [
    ...new Set(labels),
  ])
  const present = Int32Array.from(new Set(seen.filter((label) => label !== UNLABELLED))).sort()
  const places = new Map([...present].map((label, place) => [label, place]))
  const labelled = (
    { rows, columns, data }: Matrix,
    labels: Int32Array,
  ): DeepRows & { readonly labels: Int32Array } => {
    const known = Int32Array.from({ length: rows }, (_, i) => i).filter((i) => labels[i] !== UNLABELLED)
    const chosen = new Float32Array(known.length * columns)
    known.forEach((row, i) => {
      chosen.set(data.subarray(row * columns, (row + 1) * columns), i * columns)
    })
    return {
      rows: known.length,
      features: columns,
      data: chosen,
      labels: known.map((row) => places.get(labels[row]!)!),
    }
  }
  return {
    sources: sources.map(({ features, labels }) => labelled(features, labels)).filter(({ rows }) => rows > 0),
    target: {
      rows: target.features.rows,
      features: target.features.columns,
      data: Float32Array.from(target.features.data),
    },
    ...(labelledTarget === undefined
      ? {}
      : { labelledTarget: labelled(labelledTarget.features, labelledTarget.labels) }),
    classes: present.length,
    present,
  }
}
