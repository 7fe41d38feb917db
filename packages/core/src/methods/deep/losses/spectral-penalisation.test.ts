import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../../runtime/index.ts'
import { checkFragment } from '../../../testing/fragment-check.ts'
import { filled } from '../../../testing/small-network.ts'
import { spectralPenalisation } from './spectral-penalisation.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

/** The squared singular values of a matrix with two columns, largest first. */
function squares(rows: readonly (readonly number[])[]): [number, number] {
  const gram = (a: number, b: number) => rows.reduce((sum, row) => sum + row[a]! * row[b]!, 0)
  const [half, other] = [(gram(0, 0) + gram(1, 1)) / 2, (gram(0, 0) - gram(1, 1)) / 2]
  const root = Math.hypot(other, gram(0, 1))
  return [half + root, half - root]
}

describe.each([
  [5, 3],
  [2, 4],
  [1, 1],
])('the spectral penalty of %i and %i rows', (n, m) => {
  const inputs = {
    source: filled([n, 2], (k) => Math.sin(1 + 3 * k) + (k % 2)),
    target: filled([m, 2], (k) => 2 * Math.cos(k * k)),
  }

  it.each([undefined, 2])('is the sum of the largest squares of each domain (k: %s)', async (count) => {
    const check = await checkFragment(runtime, {
      inputs,
      build: (graph) =>
        spectralPenalisation(
          graph,
          { source: { features: 'source', dims: [n, 2] }, target: { features: 'target', dims: [m, 2] } },
          count === undefined ? {} : { count },
        ),
      formula: ({ source, target }) =>
        [squares(source!), squares(target!)].reduce(
          (sum, [first, second]) => sum + first + (count === 2 ? second : 0),
          0,
        ),
      by: { source: 1, target: 1 },
    })
    expect(check.exact).toBeLessThan(1e-6)
    expect(check.run).toBeLessThan(1e-5)
  })
})
