import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../../runtime/index.ts'
import { fitMethod } from '../../../testing/fit-method.ts'
import { turnedRequest } from '../../../testing/turned-request.ts'
import { sourceOnly } from '../baseline/source-only.ts'
import { dann } from './dann.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

describe('DANN', () => {
  const settings = { discriminatorWidth: 32 }

  it('finds the classes of a turned target, which the source alone does not', async () => {
    const plain = await fitMethod(sourceOnly, turnedRequest(runtime))
    expect(plain.accuracy).toBeLessThan(0.9)
    const { accuracy, training } = await fitMethod(dann, turnedRequest(runtime))
    expect(accuracy).toBeGreaterThan(0.95)
    for (const { losses } of training!.epochs) {
      expect(losses['discriminator accuracy']).toBeGreaterThan(0)
      expect(losses['discriminator accuracy']).toBeLessThanOrEqual(1)
    }
  })

  it('without a reversed gradient is told apart and warned of', async () => {
    const { training } = await fitMethod(dann, turnedRequest(runtime, { ...settings, tradeOff: 0 }))
    expect(training!.epochs.at(-1)!.losses['discriminator accuracy']).toBeGreaterThan(0.98)
    expect(training!.warnings.join()).toMatch(/told the domains apart with certainty/)
  })

  it('lets the reversed gradient rise slower by a smaller gamma', async () => {
    const early = async (gamma: number) => {
      const { training } = await fitMethod(dann, turnedRequest(runtime, { ...settings, gamma, epochs: 10 }))
      return training!.epochs.at(-1)!.losses.adversarial!
    }
    expect(await early(0.1)).toBeLessThan(await early(10))
  })

  it('refuses factors below 0', () => {
    expect(() => dann.options.parse({ tradeOff: -1 })).toThrow(/>=0/)
    expect(() => dann.options.parse({ gamma: 0 })).toThrow(/>0/)
  })
})
