import { afterAll, describe, expect, it } from 'vitest'
import { applyStages, nodeRuntime } from '../runtime/index.ts'
import { matrixFromRows } from '../tensor/index.ts'
import { largestDifference } from '../testing/matrices.ts'
import { affineStage, linearStage, rowFrequenciesStage, unitRowsStage } from './row-stages.ts'
import type { Stage } from './stage.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

const x = matrixFromRows([
  [3, 4],
  [0, 0],
  [-1, 1],
  [1e-200, 0],
])
const cases: [name: string, stage: Stage, expected: number[]][] = [
  [
    'affine: (x − shift) · scale',
    affineStage(Float64Array.of(1, 2), Float64Array.of(10, -1)),
    [20, -2, -10, 2, -20, 1, -10, 2],
  ],
  ['linear: xP, here to one column', linearStage(matrixFromRows([[1], [2]])), [11, 0, 1, 0]],
  ['unit rows, a zero row staying zero', unitRowsStage, [0.6, 0.8, 0, 0, -Math.SQRT1_2, Math.SQRT1_2, 0, 0]],
  [
    'row frequencies, rows without a positive sum staying finite',
    rowFrequenciesStage,
    [3 / 7, 4 / 7, 0, 0, -1e12, 1e12, 0, 0],
  ],
]

describe('row stages', () => {
  it.each(cases)('%s', async (_, stage, expected) => {
    const { data } = await applyStages(runtime, [stage], x)
    expect(largestDifference(data, expected)).toBeLessThan(1e-14 * Math.max(...expected.map(Math.abs)))
  })

  it('leave their input alone and work without rows', async () => {
    const copy = structuredClone(x)
    for (const [, stage] of cases) {
      await applyStages(runtime, [stage], x)
      expect((await applyStages(runtime, [stage], { rows: 0, columns: 2, data: new Float64Array(0) })).rows).toBe(0)
    }
    expect(x).toEqual(copy)
  })
})
