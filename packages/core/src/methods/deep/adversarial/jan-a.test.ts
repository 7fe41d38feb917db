import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../../runtime/index.ts'
import { fitMethod } from '../../../testing/fit-method.ts'
import { turnedRequest } from '../../../testing/turned-request.ts'
import { sourceOnly } from '../baseline/source-only.ts'
import { janA } from './jan-a.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

describe('JAN-A', () => {
  it.each(['unbiased', 'linear'])('finds the classes of a turned target by the %s estimate', async (estimator) => {
    const plain = await fitMethod(sourceOnly, turnedRequest(runtime))
    const { accuracy } = await fitMethod(janA, turnedRequest(runtime, { estimator }))
    expect(plain.accuracy).toBeLessThan(0.9)
    expect(accuracy).toBeGreaterThan(0.95)
  })

  it('makes the discrepancy small', async () => {
    const discrepancy = async (tradeOff: number) => {
      const { training } = await fitMethod(janA, turnedRequest(runtime, { tradeOff, epochs: 20 }))
      return training!.epochs.at(-1)!.losses.discrepancy!
    }
    expect(await discrepancy(1)).toBeLessThan(0.5 * (await discrepancy(0.001)))
  })

  it('refuses an unknown estimate', () => {
    expect(() => janA.options.parse({ estimator: 'none' })).toThrow(/unbiased/)
  })
})
