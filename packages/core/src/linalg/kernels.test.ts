import { afterAll, describe, expect, it } from 'vitest'
import { applyStages, nodeRuntime } from '../runtime/index.ts'
import { matrix, matrixFromRows } from '../tensor/index.ts'
import { normalMatrix } from '../testing/matrices.ts'
import { linearKernelStage, medianBandwidth, rbfKernelStage } from './kernels.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

describe('kernels', () => {
  it('computes inner products and Gaussians of new rows with kept ones', async () => {
    const kept = normalMatrix(4, 3)
    const x = matrixFromRows([
      [1, 2, 3],
      [0, 0, 0],
    ])
    const linear = await applyStages(runtime, [linearKernelStage(kept)], x)
    const rbf = await applyStages(runtime, [rbfKernelStage(kept, 1.5)], x)
    for (let i = 0; i < 2; i++) {
      for (let j = 0; j < 4; j++) {
        let inner = 0
        let squared = 0
        for (let k = 0; k < 3; k++) {
          inner += x.data[i * 3 + k]! * kept.data[j * 3 + k]!
          squared += (x.data[i * 3 + k]! - kept.data[j * 3 + k]!) ** 2
        }
        expect(linear.data[i * 4 + j]).toBeCloseTo(inner, 12)
        expect(rbf.data[i * 4 + j]).toBeCloseTo(Math.exp(-squared / 4.5), 12)
      }
    }
  })
})

describe('medianBandwidth', () => {
  it('is the median distance of different rows', async () => {
    expect(await medianBandwidth(runtime, matrixFromRows([[0], [1], [3]]))).toBeCloseTo(2, 12)
  })

  it('is positive where most or all rows are equal', async () => {
    expect(await medianBandwidth(runtime, matrix(5, 2))).toBe(1)
    expect(await medianBandwidth(runtime, matrixFromRows([[0], [0], [0], [0], [7]]))).toBeCloseTo(7, 12)
    expect(await medianBandwidth(runtime, matrix(1, 2))).toBe(1)
  })

  it('changes little when rows are left out of the sample', async () => {
    const many = await medianBandwidth(runtime, normalMatrix(3000, 8))
    expect(many).toBeGreaterThan(3.7)
    expect(many).toBeLessThan(4.1)
  })
})
