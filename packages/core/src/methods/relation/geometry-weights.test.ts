import { afterAll, describe, expect, it } from 'vitest'
import { UNLABELLED } from '../../data/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { type Matrix, rowOf, seededRandom } from '../../tensor/index.ts'
import { normalMatrix } from '../../testing/matrices.ts'
import type { PooledProblem } from '../rows.ts'
import { geometryWeights } from './geometry-weights.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

const [N, M] = [14, 11]
const problem = (columns: number): PooledProblem => ({
  task: { kind: 'classification', classes: ['a', 'b', 'c'] },
  classes: 3,
  source: {
    name: 's',
    features: normalMatrix(N, 4, seededRandom(1)),
    labels: Int32Array.from({ length: N }, (_, i) => i % 3),
  },
  target: {
    name: 't',
    features: normalMatrix(M, columns, seededRandom(2)),
    labels: Int32Array.from({ length: M }, (_, j) => (j < 8 ? UNLABELLED : j - 8)),
  },
  unlabelled: 8,
})
const options = { patternRows: 3, patternDistance: 'relative', matches: 2, delta: null } as const
const weigh = (
  columns: number,
  featureWeight: number,
  labelWeight: number,
  matches: number | null = 2,
): Promise<Matrix> =>
  geometryWeights({ runtime }, problem(columns), { ...options, matches, featureWeight, labelWeight })

describe('weights by geometry', () => {
  it('join each row of either domain to the rows that go best with it', async () => {
    const all = await weigh(5, 0, 0, null)
    expect(Math.min(...all.data)).toBeGreaterThan(0)
    const { data } = await weigh(5, 0, 0)
    const line = (i: number, j: number, byRow: boolean): number[] =>
      Array.from({ length: byRow ? M : N }, (_, at) => all.data[byRow ? i * M + at : at * M + j]!)
    for (let i = 0; i < N; i++) {
      for (let j = 0; j < M; j++) {
        const above = (byRow: boolean) => line(i, j, byRow).filter((weight) => weight > all.data[i * M + j]!).length
        expect(data[i * M + j]! > 0).toBe(above(true) < 2 || above(false) < 2)
      }
    }
  })

  it('join labelled rows of one class besides, with their share of all, and those of different classes not', async () => {
    const [plain, { data }] = [await weigh(5, 0, 0), await weigh(5, 0, 4)]
    const { source, target } = problem(5)
    let [joined, others] = [0, 0]
    for (let i = 0; i < N; i++) {
      for (let j = 0; j < M; j++) {
        const [before, after] = [rowOf(plain, i)[j]!, data[i * M + j]!]
        const same = source.labels[i] === target.labels[j]
        if (j < 8) expect(after).toBe(before)
        if (j >= 8 && !same) expect(after).toBe(0)
        if (same) joined += after - before
        if (j < 8 || same) others += before
      }
    }
    expect(joined / others).toBeCloseTo(4, 10)
  })

  it('prefer rows that are near, where both domains have as many features', async () => {
    const [plain, near] = [await weigh(4, 0, 0, null), await weigh(4, 2, 0, null)]
    const { source, target } = problem(4)
    const factor = (i: number, j: number): number => Math.log(plain.data[i * M + j]! / near.data[i * M + j]!)
    const square = (i: number, j: number): number =>
      rowOf(source.features, i).reduce((sum, v, c) => sum + (v - rowOf(target.features, j)[c]!) ** 2, 0)
    for (let i = 0; i < N; i++) {
      for (let j = 0; j < M; j++) expect(factor(i, j) / square(i, j)).toBeCloseTo(factor(0, 0) / square(0, 0), 10)
    }
    expect((await weigh(5, 2, 0)).data).toEqual((await weigh(5, 0, 0)).data)
  })

  it('say so where none is left', async () => {
    const none = { ...options, delta: 1e-4, featureWeight: 0, labelWeight: 0 }
    await expect(geometryWeights({ runtime }, problem(5), none)).rejects.toThrow('raise delta')
  })
})
