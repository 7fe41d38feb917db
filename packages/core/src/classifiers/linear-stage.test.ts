import { expect, test } from 'vitest'
import { applyStages, nodeRuntime } from '../runtime/index.ts'
import { matrixFromRows } from '../tensor/index.ts'
import { linearStage } from './linear-stage.ts'

test('the softmax of the decision values, with zeros for classes without rows', async () => {
  const runtime = await nodeRuntime()
  const model = { weights: matrixFromRows([[1, -1]]), intercepts: Float64Array.of(0.5, 0) }
  const stage = linearStage(model, Int32Array.of(1, 3), 4)
  const p = await applyStages(runtime, [stage], matrixFromRows([[2], [-1e6], [1e6]]))
  const share = 1 / (1 + Math.exp(-4.5))
  const expected = [0, share, 0, 1 - share, 0, 0, 0, 1, 0, 1, 0, 0]
  expected.forEach((value, i) => {
    expect(p.data[i]).toBeCloseTo(value, 14)
    if (value === 0) expect(p.data[i]).toBe(0)
  })
  await runtime.release()
})
