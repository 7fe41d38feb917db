import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../../runtime/index.ts'
import { fitMethod } from '../../../testing/fit-method.ts'
import { turnedDomains } from '../../../testing/turned-classes.ts'
import { sourceOnly } from '../baseline/source-only.ts'
import { bnm } from './bnm.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const domains = turnedDomains()
const training = { epochs: 12, learningRate: 0.01 }

describe('bnm', () => {
  it('learns a turned domain that the source alone does not teach', async () => {
    const alone = await fitMethod(sourceOnly, { runtime, ...domains, settings: training })
    const found = await fitMethod(bnm, { runtime, ...domains, settings: training })
    expect(alone.accuracy).toBeLessThan(0.93)
    expect(found.accuracy).toBeGreaterThan(0.96)
  })

  it('is helped by its loss alone: without it, the domain is not learnt', async () => {
    const { accuracy } = await fitMethod(bnm, { runtime, ...domains, settings: { ...training, tradeOff: 0 } })
    expect(accuracy).toBeLessThan(0.93)
  })

  it('comes near to the largest norm that a batch can have', async () => {
    const { training: history } = await fitMethod(bnm, { runtime, ...domains, settings: training })
    const norms = history!.epochs.map(({ losses }) => -losses['nuclear norm']!)
    const largest = Math.sqrt(3 / 64)
    expect(Math.max(...norms)).toBeLessThanOrEqual(largest + 1e-4)
    expect(norms.at(-1)!).toBeGreaterThan(0.95 * largest)
    expect(norms.at(-1)!).toBeGreaterThan(norms[0]! + 0.01)
  })

  it('refuses a negative factor', () => {
    expect(() => bnm.options.parse({ tradeOff: -0.1 })).toThrow('tradeOff')
  })
})
