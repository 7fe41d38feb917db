import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../tensor/index.ts'
import { batchLayout } from './batch-layout.ts'
import type { DeepProblem, DeepRows } from './deep-problem.ts'
import { type BatchViews, domainBatches } from './domain-batches.ts'

/** Rows of two features, both of them the row's number after `first`. */
const counted = (rows: number, first: number): DeepRows & { readonly labels: Int32Array } => ({
  rows,
  features: 2,
  data: Float32Array.from({ length: 2 * rows }, (_, at) => first + Math.floor(at / 2)),
  labels: Int32Array.from({ length: rows }, (_, i) => i % 3),
})

const problem: DeepProblem = {
  sources: [counted(7, 100), counted(5, 200)],
  target: counted(6, 300),
  labelledTarget: counted(2, 400),
  classes: 3,
  present: Int32Array.of(0, 1, 2),
}

/** The rows of a step: the first of their two equal numbers. */
function rowsAt(step: number, views: BatchViews = {}) {
  const layout = batchLayout(problem, 'both', 4, views.views?.length)
  const data = domainBatches(problem, layout, { name: 'x', dims: [2] }, { random: seededRandom(0), ...views })
  const at = Int32Array.from({ length: layout.rows }, (_, i) => step * layout.rows + i)
  const batch = data.batch(at, 1) as Record<string, { readonly dims: readonly number[]; readonly data: Float32Array }>
  expect(batch.x!.dims).toEqual([layout.rows, 2])
  const rows = [...batch.x!.data].filter((_, place) => place % 2 === 0)
  const of = ({ from, to }: { readonly from: number; readonly to: number }) => rows.slice(from, to)
  return {
    drawn: data.drawn(step),
    sources: layout.sources.map(of),
    target: of(layout.target),
    labelled: of(layout.labelled),
    views: layout.views.map(of),
    labels: [...(batch.labels as unknown as { readonly data: BigInt64Array }).data].map(Number),
  }
}

const plus = (amount: number) => (rows: Float32Array) => rows.map((value) => value + amount)

describe('domainBatches', () => {
  it('holds the drawn rows of each domain in their order, with their labels', () => {
    for (const step of [0, 1, 2]) {
      const { drawn, sources, target, labelled, labels } = rowsAt(step)
      expect(sources).toEqual(drawn.sources.map((rows, s) => [...rows].map((row) => 100 * (s + 1) + row)))
      expect(target).toEqual([...drawn.target].map((row) => 300 + row))
      expect(labelled).toEqual([...drawn.labelled].map((row) => 400 + row))
      expect(labels).toEqual(drawn.sources.flatMap((rows) => [...rows].map((row) => row % 3)))
    }
  })

  it('changes labelled rows, target rows and further copies of them each by their own view', () => {
    const plain = rowsAt(1)
    const seen = rowsAt(1, { labelled: plus(0.25), first: plus(0.5), views: [plus(1000), plus(2000)] })
    const moved = (rows: readonly number[], amount: number) => rows.map((row) => row + amount)
    expect(seen.sources).toEqual(plain.sources.map((rows) => moved(rows, 0.25)))
    expect(seen.labelled).toEqual(moved(plain.labelled, 0.25))
    expect(seen.target).toEqual(moved(plain.target, 0.5))
    expect(seen.views).toEqual([moved(plain.target, 1000), moved(plain.target, 2000)])
    expect(seen.labels).toEqual(plain.labels)
  })

  it('draws views anew in each step, the same for the same step', () => {
    const random: BatchViews = { labelled: (rows, _, stream) => rows.map(() => stream.uniform()) }
    expect(rowsAt(1, random).sources).toEqual(rowsAt(1, random).sources)
    expect(rowsAt(1, random).sources).not.toEqual(rowsAt(2, random).sources)
    const { sources, labelled } = rowsAt(0, random)
    expect(sources[0]!.slice(0, 2)).not.toEqual(labelled)
  })
})
