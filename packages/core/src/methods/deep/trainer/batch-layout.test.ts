import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../tensor/index.ts'
import { batchLayout } from './batch-layout.ts'
import type { DeepProblem, DeepRows } from './deep-problem.ts'
import { domainBatches, LABELS, TARGET_LABELS } from './domain-batches.ts'
import { rowStream } from './row-stream.ts'

/** Rows of one number: `first`, `first + 1`, …, of the classes 0, 1, 0, … */
const numbered = (rows: number, first: number): DeepRows & { labels: Int32Array } => ({
  rows,
  features: 1,
  data: Float32Array.from({ length: rows }, (_, i) => first + i),
  labels: Int32Array.from({ length: rows }, (_, i) => i % 2),
})
const problem: DeepProblem = {
  sources: [numbered(10, 0), numbered(7, 100)],
  target: numbered(9, 200),
  labelledTarget: numbered(2, 300),
  classes: 2,
  present: Int32Array.of(0, 1),
}
const input = { name: 'x', dims: [1] }

describe('a stream of rows', () => {
  it('gives every row once before any twice, in another order each time, whatever is asked at once', () => {
    const stream = rowStream(5, seededRandom(1))
    const passes = [0, 1, 2].map((pass) => [...stream(5 * pass, 5)])
    for (const pass of passes) expect(pass.toSorted()).toEqual([0, 1, 2, 3, 4])
    expect(new Set(passes.map(String)).size).toBe(3)
    expect([...rowStream(5, seededRandom(1))(3, 9)]).toEqual(passes.flat().slice(3, 12))
  })
})

describe('the layout of a batch', () => {
  it('shares a batch among sources, and fills the larger domain in an epoch', () => {
    const layout = batchLayout(problem, 'both', 4, 1)
    expect(layout.sources).toEqual([
      { from: 0, to: 2 },
      { from: 2, to: 4 },
    ])
    expect(layout.source).toEqual({ from: 0, to: 4 })
    expect(layout.target).toEqual({ from: 4, to: 8 })
    expect(layout.labelled).toEqual({ from: 8, to: 10 })
    expect(layout.views).toEqual([{ from: 10, to: 14 }])
    // Ten rows in batches of two.
    expect([layout.rows, layout.steps]).toEqual([14, 5])
  })

  it('takes all rows of domains smaller than a batch, and leaves out those that a stage does not use', () => {
    expect(batchLayout(problem, 'both', 64)).toMatchObject({ rows: 10 + 7 + 9 + 2, steps: 1 })
    expect(batchLayout(problem, 'source', 4)).toMatchObject({ rows: 6, target: { from: 4, to: 4 }, steps: 5 })
    expect(batchLayout(problem, 'target', 4)).toMatchObject({ rows: 4, source: { from: 0, to: 0 }, steps: 2 })
  })
})

describe('batches of several domains', () => {
  const layout = batchLayout(problem, 'both', 4, 1)
  const made = (seed: number) =>
    domainBatches(problem, layout, input, {
      random: seededRandom(seed),
      first: (rows) => rows.map((value) => value + 0.25),
      views: [(rows) => rows.map((value) => -value)],
    })
  const places = (step: number) => Int32Array.from({ length: layout.rows }, (_, i) => step * layout.rows + i)

  it('hold the rows of each domain with their own labels, and views of the target’s', async () => {
    const batches = made(3)
    for (const step of [0, 4, 5, 12]) {
      const epoch = Math.floor(step / layout.steps) + 1
      const batch = await batches.batch(places(step % layout.steps), epoch)
      const x = [...(batch.x!.data as Float32Array)]
      const drawn = batches.drawn(step)
      expect(x.slice(0, 2)).toEqual([...drawn.sources[0]!])
      expect(x.slice(2, 4)).toEqual([...drawn.sources[1]!].map((row) => 100 + row))
      expect(x.slice(4, 8)).toEqual([...drawn.target].map((row) => 200.25 + row))
      expect(x.slice(10)).toEqual([...drawn.target].map((row) => -200 - row))
      const classes = (name: string) => [...(batch[name]!.data as BigInt64Array)].map(Number)
      expect(classes(LABELS)).toEqual(drawn.sources.flatMap((rows) => [...rows].map((row) => row % 2)))
      expect(classes(TARGET_LABELS)).toEqual([...drawn.labelled].map((row) => row % 2))
    }
  })

  it('depend on the seed and the step alone', async () => {
    const first = made(3)
    await first.batch(places(1), 2)
    expect(await first.batch(places(3), 1)).toEqual(await made(3).batch(places(3), 1))
    expect(await made(4).batch(places(3), 1)).not.toEqual(await made(3).batch(places(3), 1))
  })
})
