import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../../runtime/index.ts'
import { tensorFrom } from '../../../testing/draw.ts'
import { draws } from '../../../testing/draws.ts'
import { checkFragment, type Rows } from '../../../testing/fragment-check.ts'
import { columnMeans, dot, entropy, mean, softmax, sum } from '../../../testing/plain-softmax.ts'
import { type NeighbourhoodOptions, neighbourhoodConsistency } from './neighbourhood.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const CLASSES = 3

/** The loss by its definition, pair by pair. */
function clustering({ z }: Rows, { places, features, kept }: Rows, k: number, m: number, r: number): number {
  const nearest = (i: number, count: number) =>
    features!
      .map((row, j) => ({ j, similarity: dot(row, features![i]!) }))
      .filter(({ j }) => j !== i)
      .sort((a, b) => b.similarity - a.similarity)
      .slice(0, count)
      .map(({ j }) => j)
  const p = z!.map(softmax)
  const agreement = p.map((row, b) => {
    const i = places![0]![b]!
    const pairs = nearest(i, k).map((neighbour) => {
      const circle = nearest(neighbour, m)
      const own = (circle.includes(i) ? 1 : r) * dot(kept![neighbour]!, row)
      return own + sum(circle.map((other) => r * dot(kept![other]!, row)))
    })
    return dot(kept![i]!, row) + sum(pairs)
  })
  return -mean(agreement) - entropy(columnMeans(p))
}

const unit = (rows: number, width: number, seed: number) => {
  const { data } = draws(seed).normal([rows, width])
  const numbers = Array.from({ length: rows }, (_, i) =>
    Array.from(data as Float32Array).slice(i * width, (i + 1) * width),
  )
  return tensorFrom(
    'float32',
    [rows, width],
    numbers.flatMap((row) => row.map((x) => x / Math.hypot(...row))),
  )
}

const cases: readonly [string, readonly number[], number, NeighbourhoodOptions][] = [
  ['a few rows', [4, 0, 7], 9, {}],
  ['one row', [2], 5, {}],
  ['the same row twice', [1, 1], 6, { neighbours: 2, expanded: 1, affinity: 0.3 }],
  ['the whole bank', [0, 1, 2, 3, 4, 5, 6, 7], 8, { neighbours: 5, expanded: 5, affinity: 0 }],
]

describe.each(cases)('neighbourhood consistency: %s', (_, places, bank, options) => {
  it('is its sum over pairs; only logits receive a gradient', async () => {
    const { neighbours = 3, expanded = 2, affinity = 0.1 } = options
    const predictions = draws(bank).normal([bank, CLASSES])
    const inputs = {
      z: draws(bank + 1).normal([places.length, CLASSES]),
      places: tensorFrom('int64', [places.length], places),
      features: unit(bank, 4, bank),
      kept: tensorFrom(
        'float32',
        [bank, CLASSES],
        [...predictions.data].map((x) => Math.abs(Number(x))),
      ),
    }
    const check = await checkFragment(runtime, {
      inputs,
      build: (graph) =>
        neighbourhoodConsistency(
          graph,
          { logits: 'z', places: 'places', features: 'features', predictions: 'kept' },
          options,
        ),
      formula: (at, held) => clustering(at, held, neighbours, expanded, affinity),
      by: { z: 1, features: 1, kept: 1 },
    })
    expect(check.exact).toBeLessThan(1e-6)
    expect(check.run).toBeLessThan(1e-5)
  })
})
