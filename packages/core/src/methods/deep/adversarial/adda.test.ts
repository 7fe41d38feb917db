import { afterAll, describe, expect, it } from 'vitest'
import { applyStages, nodeRuntime } from '../../../runtime/index.ts'
import { fitMethod } from '../../../testing/fit-method.ts'
import { turnedRequest } from '../../../testing/turned-request.ts'
import { sourceOnly } from '../baseline/source-only.ts'
import { adda } from './adda.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const settings = { discriminatorWidth: 32 }

describe('ADDA', () => {
  it('finds the classes of a turned target, which the source alone does not', async () => {
    const plain = await fitMethod(sourceOnly, turnedRequest(runtime))
    const { accuracy, training } = await fitMethod(adda, turnedRequest(runtime, settings))
    expect(plain.accuracy).toBeLessThan(0.9)
    expect(accuracy).toBeGreaterThan(0.95)
    expect([...new Set(training!.epochs.map(({ stage }) => stage))]).toEqual(['source', 'adaptation'])
    expect(training!.epochs.at(-1)!.losses.classification).toBeUndefined()
  })

  it('starts from the source’s encoder and keeps the classifier', async () => {
    const short = { ...settings, sourceEpochs: 5, epochs: 2 }
    const fit = (encoderRate: number) => fitMethod(adda, turnedRequest(runtime, { ...short, encoderRate }))
    const [still, moved] = [await fit(0), await fit(0.1)]
    const longer = await fitMethod(adda, turnedRequest(runtime, { ...short, encoderRate: 0, epochs: 4 }))
    expect(longer.target).toEqual(still.target)
    expect(moved.target).not.toEqual(still.target)
    const probabilities = (by: typeof still) => applyStages(runtime, [by.classifier], still.target)
    expect(await probabilities(moved)).toEqual(await probabilities(still))
  })

  it('refuses a negative step size', () => {
    expect(() => adda.options.parse({ encoderRate: -1 })).toThrow(/>=0/)
  })
})
