import { afterAll, expect, it } from 'vitest'
import { nodeRuntime } from '../../runtime/index.ts'
import { matrixFromRows } from '../../tensor/index.ts'
import { adapt } from '../adapt.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

it('none neither moves rows nor learns from labelled target rows', async () => {
  const request = {
    task: { kind: 'classification', classes: ['a', 'b'] },
    sources: [{ name: 's', features: matrixFromRows([[0], [10]]), labels: Int32Array.of(0, 1) }],
    target: { name: 't', features: matrixFromRows([[1], [6]]) },
    scale: 'none',
    method: 'none',
    runtime,
  } as const
  const result = await adapt(request)
  expect(result.after).toEqual(result.before)
  expect([...result.predicted]).toEqual([0, 1])
  const labelledTarget = { name: 't', features: matrixFromRows([[6], [1]]), labels: Int32Array.of(0, 1) }
  expect((await adapt({ ...request, labelledTarget })).predicted).toEqual(result.predicted)
})
