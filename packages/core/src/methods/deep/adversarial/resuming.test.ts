import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../../runtime/index.ts'
import { fitMethod } from '../../../testing/fit-method.ts'
import { type MemoryCheckpoints, memoryCheckpoints } from '../../../testing/memory-checkpoints.ts'
import { turnedRequest } from '../../../testing/turned-request.ts'
import { adda } from './adda.ts'
import { mcd } from './mcd.ts'
import { pada } from './pada.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const settings = { epochs: 3, hidden: 16 }

describe.each([
  { method: pada, own: {} },
  { method: adda, own: { sourceEpochs: 2 } },
  { method: mcd, own: {} },
])('$method.id', ({ method, own }) => {
  it('goes on from the end of an epoch to the same bits', async () => {
    const fit = async (stores: Map<string, MemoryCheckpoints>) => {
      const checkpoints = (stage: string) => {
        const store = stores.get(stage) ?? memoryCheckpoints()
        stores.set(stage, store)
        return store
      }
      const request = turnedRequest(runtime, { ...settings, ...own })
      const { target, training } = await fitMethod(method, { ...request, context: { deep: { checkpoints } } })
      return { target, losses: training!.epochs.map(({ losses }) => losses) }
    }
    const whole = new Map<string, MemoryCheckpoints>()
    const uninterrupted = await fit(whole)
    expect(uninterrupted.losses.length).toBeGreaterThan(2)
    const { stored } = whole.get('adaptation')!
    expect(stored.length).toBeGreaterThan(2)
    const cut = new Map(whole)
    cut.set('adaptation', memoryCheckpoints(stored.slice(0, 1)))
    expect(await fit(cut)).toEqual(uninterrupted)
  })
})
