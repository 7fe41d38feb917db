import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../../runtime/index.ts'
import { fitMethod } from '../../../testing/fit-method.ts'
import { turnedRequest } from '../../../testing/turned-request.ts'
import { sourceOnly } from '../baseline/source-only.ts'
import { cdan } from './cdan.ts'
import { cdanE } from './cdan-e.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const settings = { discriminatorWidth: 32 }

describe.each([cdan, cdanE])('$id', (method) => {
  it('finds the classes of a turned target, which the source alone does not', async () => {
    const plain = await fitMethod(sourceOnly, turnedRequest(runtime))
    const { accuracy } = await fitMethod(method, turnedRequest(runtime, settings))
    expect(plain.accuracy).toBeLessThan(0.9)
    expect(accuracy).toBeGreaterThan(0.94)
  })

  it('finds them too by drawn products, where there are more products than the limit', async () => {
    const drawn = { ...settings, multilinearLimit: 95, randomWidth: 64 }
    const { accuracy, training } = await fitMethod(method, turnedRequest(runtime, drawn))
    expect(accuracy).toBeGreaterThan(0.94)
    const plain = await fitMethod(method, turnedRequest(runtime, { ...drawn, multilinearLimit: 96 }))
    expect(plain.training!.epochs[0]!.losses.adversarial).not.toBe(training!.epochs[0]!.losses.adversarial)
  })

  it('refuses rows without numbers', () => {
    expect(() => method.options.parse({ randomWidth: 0 })).toThrow(/>0/)
  })
})

describe('cdan-e', () => {
  it('weighs rows otherwise than cdan', async () => {
    const losses = await Promise.all(
      [cdan, cdanE].map(async (method) => {
        const { training } = await fitMethod(method, turnedRequest(runtime, { ...settings, epochs: 3 }))
        return training!.epochs.at(-1)!.losses.adversarial!
      }),
    )
    expect(losses[0]).not.toBe(losses[1])
  })
})
