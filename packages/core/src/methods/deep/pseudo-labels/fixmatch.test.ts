import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../../runtime/index.ts'
import { fitMethod } from '../../../testing/fit-method.ts'
import { turnedDomains } from '../../../testing/turned-classes.ts'
import { sourceOnly } from '../baseline/source-only.ts'
import { fixmatch } from './fixmatch.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const domains = turnedDomains()
const training = { epochs: 10, learningRate: 0.01, batchSize: 24 }
const fit = (options: object) => fitMethod(fixmatch, { runtime, ...domains, settings: { ...training, ...options } })

describe('fixmatch', () => {
  it('learns a turned domain that the source alone does not teach', async () => {
    const alone = await fitMethod(sourceOnly, { runtime, ...domains, settings: training })
    expect(alone.accuracy).toBeLessThan(0.93)
    expect((await fit({})).accuracy).toBeGreaterThan(0.97)
  })

  it('is helped by its loss alone: views without it do not teach the domain', async () => {
    expect((await fit({ tradeOff: 0 })).accuracy).toBeLessThan(0.93)
  })

  it('learns nothing from rows that it is never sure of', async () => {
    const losses = (await fit({ threshold: 1, epochs: 3 })).training!.epochs.map((epoch) => epoch.losses.fixmatch!)
    for (const loss of losses) expect(loss).toBeLessThan(0.01)
    expect((await fit({ threshold: 0, epochs: 1 })).training!.epochs[0]!.losses.fixmatch).toBeGreaterThan(0.05)
  })

  it('sees other rows the stronger its views are', async () => {
    const loss = async (strength: number) => {
      const options = { strength, threshold: 0, learningRate: 1e-7, epochs: 1 }
      return (await fit(options)).training!.epochs[0]!.losses.classification!
    }
    const [none, some] = [await loss(0), await loss(2)]
    expect(none).not.toBe(some)
    expect(await loss(0)).toBe(none)
  })

  it.each([{ threshold: 1.1 }, { strength: -1 }, { strength: 3 }, { tradeOff: -1 }])('refuses %j', (options) => {
    expect(() => fixmatch.options.parse(options)).toThrow(Object.keys(options)[0]!)
  })
})
