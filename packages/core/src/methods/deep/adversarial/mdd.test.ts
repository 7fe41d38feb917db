import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../../runtime/index.ts'
import { fitMethod } from '../../../testing/fit-method.ts'
import { turnedRequest } from '../../../testing/turned-request.ts'
import { sourceOnly } from '../baseline/source-only.ts'
import { mdd } from './mdd.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

describe('MDD', () => {
  it('finds the classes of a turned target, which the source alone does not', async () => {
    const plain = await fitMethod(sourceOnly, turnedRequest(runtime))
    const { accuracy, training } = await fitMethod(mdd, turnedRequest(runtime))
    expect(plain.accuracy).toBeLessThan(0.9)
    expect(accuracy).toBeGreaterThan(0.96)
    // Where the domains look alike, whoever agrees on one agrees on the other.
    expect(training!.epochs.at(-1)!.losses['discriminator accuracy']).toBeLessThan(0.9)
  })

  it('has an adversary that disagrees on the target alone where features do not answer', async () => {
    const { accuracy, training } = await fitMethod(mdd, turnedRequest(runtime, { tradeOff: 0 }))
    expect(accuracy).toBeLessThan(0.9)
    expect(training!.epochs.at(-1)!.losses['discriminator accuracy']).toBeGreaterThan(0.9)
  })

  it('works with an adversary as simple as the classifier', async () => {
    const { accuracy } = await fitMethod(mdd, turnedRequest(runtime, { adversaryWidth: 0 }))
    expect(accuracy).toBeGreaterThan(0.9)
  })

  it('refuses a margin below 1', () => {
    expect(() => mdd.options.parse({ margin: 0.5 })).toThrow(/>=1/)
  })
})
