import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../../runtime/index.ts'
import { fitMethod } from '../../../testing/fit-method.ts'
import { turnedDomains } from '../../../testing/turned-classes.ts'
import { sourceOnly } from '../baseline/source-only.ts'
import { mcc } from './mcc.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const domains = turnedDomains()
const training = { epochs: 10, learningRate: 0.01 }
const confusion = ({ losses }: { readonly losses: Readonly<Record<string, number>> }) => losses['class confusion']!

describe('mcc', () => {
  it('learns a turned domain that the source alone does not teach', async () => {
    const alone = await fitMethod(sourceOnly, { runtime, ...domains, settings: training })
    const found = await fitMethod(mcc, { runtime, ...domains, settings: training })
    expect(alone.accuracy).toBeLessThan(0.93)
    expect(found.accuracy).toBeGreaterThan(0.97)
    const [first, ...later] = found.training!.epochs
    expect(confusion(later.at(-1)!)).toBeLessThan(0.3 * confusion(first!))
  })

  it('is helped by its loss alone: without it, the domain is not learnt', async () => {
    const { accuracy } = await fitMethod(mcc, { runtime, ...domains, settings: { ...training, tradeOff: 0 } })
    expect(accuracy).toBeLessThan(0.93)
  })

  it('measures confusion at its temperature: predictions are softer at a higher one', async () => {
    const once = async (temperature: number) => {
      const options = { epochs: 1, learningRate: 1e-6, temperature }
      return confusion((await fitMethod(mcc, { runtime, ...domains, settings: options })).training!.epochs[0]!)
    }
    expect(await once(10)).toBeGreaterThan(await once(0.5))
  })

  it.each([{ tradeOff: -1 }, { temperature: 0 }, { temperature: 'hot' }])('refuses %j', (options) => {
    expect(() => mcc.options.parse(options)).toThrow(Object.keys(options)[0]!)
  })
})
