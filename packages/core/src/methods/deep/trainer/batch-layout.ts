import type { DeepProblem } from './deep-problem.ts'

/** A run of rows within a batch. */
export interface RowRange {
  readonly from: number
  readonly to: number
}

/** Which rows of a step's input are whose: source after source, the target, labelled target rows, further target views. */
export interface BatchLayout {
  readonly sources: readonly RowRange[]
  readonly source: RowRange
  readonly target: RowRange
  readonly labelled: RowRange
  /** The same target rows once more, each in a view of its own. */
  readonly views: readonly RowRange[]
  readonly rows: number
  /** Steps of an epoch. */
  readonly steps: number
}

/** Which domains a stage learns from. */
export type Uses = 'both' | 'source' | 'target'

/**
 * Of each domain `batchSize` rows, or all where it has fewer, several sources sharing theirs. An epoch is as many steps as
 * the larger of the domains in use fills, the last incomplete batch left out.
 */
export function batchLayout(problem: DeepProblem, uses: Uses, batchSize: number, views = 0): BatchLayout {
  const share = Math.max(1, Math.floor(batchSize / problem.sources.length))
  let at = 0
  const next = (count: number): RowRange => {
    at += count
    return { from: at - count, to: at }
  }
  const withSource = uses !== 'target'
  const withTarget = uses !== 'source'
  const sources = problem.sources.map(({ rows }) => next(withSource ? Math.min(share, rows) : 0))
  const source = { from: 0, to: at }
  const of = (rows: number) => (withTarget ? Math.min(batchSize, rows) : 0)
  const target = next(of(problem.target.rows))
  const labelled = next(
    problem.labelledTarget === undefined || !withSource ? 0 : Math.min(batchSize, problem.labelledTarget.rows),
  )
  const further = Array.from({ length: views }, () => next(target.to - target.from))
  const passes = [
    ...(withSource ? problem.sources.map(({ rows }, i) => rows / length(sources[i]!)) : []),
    ...(withTarget ? [problem.target.rows / length(target)] : []),
  ]
  const steps = Math.max(1, Math.floor(Math.max(...passes)))
  return { sources, source, target, labelled, views: further, rows: at, steps }
}

export const length = ({ from, to }: RowRange): number => to - from
