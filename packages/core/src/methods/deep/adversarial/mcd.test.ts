import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../../runtime/index.ts'
import { fitMethod } from '../../../testing/fit-method.ts'
import { turnedRequest } from '../../../testing/turned-request.ts'
import { sourceOnly } from '../baseline/source-only.ts'
import { mcd } from './mcd.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const settings = { classifierLayers: 0 }

describe('MCD', () => {
  it('finds the classes of a turned target, which the source alone does not', async () => {
    const plain = await fitMethod(sourceOnly, turnedRequest(runtime))
    const { accuracy } = await fitMethod(mcd, turnedRequest(runtime, settings))
    expect(plain.accuracy).toBeLessThan(0.9)
    expect(accuracy).toBeGreaterThan(0.95)
  })

  it('makes the classifiers differ where features do not answer', async () => {
    const discrepancy = async (learningRate: object, generatorSteps: number) => {
      const { training } = await fitMethod(
        mcd,
        turnedRequest(runtime, { ...settings, ...learningRate, generatorSteps }),
      )
      return training!.epochs.at(-1)!.losses.discrepancy!
    }
    expect(await discrepancy({}, 4)).toBeLessThan(await discrepancy({}, 1))
    expect(await discrepancy({ tradeOff: 0 }, 1)).toBeLessThan(await discrepancy({ tradeOff: 3 }, 1))
  })

  it('gives each classifier hidden layers of its own, so that features end below them', async () => {
    const run = (classifierLayers: number) =>
      fitMethod(mcd, turnedRequest(runtime, { classifierLayers, epochs: 3, tradeOff: 0 }))
    const [none, one, most] = [await run(0), await run(1), await run(9)]
    expect(one.training!.epochs).not.toEqual(none.training!.epochs)
    const bare = ({ training }: typeof one) => training!.epochs.map(({ losses }) => losses)
    expect(bare(most)).toEqual(bare(one))
  })

  it('refuses no update of the features', () => {
    expect(() => mcd.options.parse({ generatorSteps: 0 })).toThrow(/>0/)
  })
})
