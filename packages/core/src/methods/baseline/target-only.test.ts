import { afterAll, describe, expect, it } from 'vitest'
import { UNLABELLED } from '../../data/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { matrixFromRows } from '../../tensor/index.ts'
import { adapt } from '../adapt.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

const request = {
  task: { kind: 'classification', classes: ['a', 'b'] },
  sources: [{ name: 's', features: matrixFromRows([[0], [10]]), labels: Int32Array.of(0, 1) }],
  target: { name: 't', features: matrixFromRows([[1], [9]]) },
  scale: 'none',
  method: 'target-only',
  runtime,
} as const

describe('target-only', () => {
  it('learns from the labelled target rows alone', async () => {
    const labelledTarget = { name: 't', features: matrixFromRows([[0], [10]]), labels: Int32Array.of(1, 0) }
    expect([...(await adapt({ ...request, labelledTarget })).predicted]).toEqual([1, 0])
  })

  it('says what is missing where no target row has a label', async () => {
    const labelledTarget = { name: 't', features: matrixFromRows([[0]]), labels: Int32Array.of(UNLABELLED) }
    await expect(adapt(request)).rejects.toThrow('--labelled-target')
    await expect(adapt({ ...request, labelledTarget })).rejects.toThrow('needs labelled target rows, got none')
  })
})
