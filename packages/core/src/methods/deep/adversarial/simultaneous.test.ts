import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../../runtime/index.ts'
import { fitMethod } from '../../../testing/fit-method.ts'
import { turnedClasses } from '../../../testing/turned-classes.ts'
import { turnedRequest } from '../../../testing/turned-request.ts'
import { sourceOnly } from '../baseline/source-only.ts'
import { simultaneous } from './simultaneous.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const settings = { discriminatorWidth: 32, confusion: 0.1 }

/** The method with labels for some target rows. */
const informed: typeof simultaneous = {
  ...simultaneous,
  fit: (problem, options, context) => {
    const { features, labels } = turnedClasses({ classes: 3, spread: 0.6, rows: 9, turn: 46, seed: 3 })
    return simultaneous.fit({ ...problem, labelledTarget: { name: 'target', features, labels } }, options, context)
  },
}

describe('simultaneous transfer', () => {
  it('finds the classes of a turned target without labels, which the source alone does not', async () => {
    const plain = await fitMethod(sourceOnly, turnedRequest(runtime))
    const { accuracy, training } = await fitMethod(simultaneous, turnedRequest(runtime, settings))
    expect(plain.accuracy).toBeLessThan(0.9)
    expect(accuracy).toBeGreaterThan(0.95)
    expect(training!.epochs[0]!.losses['soft labels']).toBeUndefined()
  })

  it('with labelled rows learns the source first, then their soft labels', async () => {
    const fit = async (softLabels: number) => {
      const own = { ...settings, softLabels, epochs: 10, sourceEpochs: 5 }
      return (await fitMethod(informed, turnedRequest(runtime, own))).training!.epochs
    }
    const [with_, without] = [await fit(1), await fit(0)]
    expect(with_.map(({ stage }) => stage)).toEqual([...Array(5).fill('source'), ...Array(10).fill('adaptation')])
    expect(with_.at(-1)!.losses['soft labels']).toBeLessThan(without.at(-1)!.losses['soft labels']! - 0.01)
    // At the temperature of 2 no label is certain: a cross-entropy with it stays above its own entropy.
    expect(with_.at(-1)!.losses['soft labels']).toBeGreaterThan(0.01)
  })

  it('refuses a temperature of 0', () => {
    expect(() => simultaneous.options.parse({ temperature: 0 })).toThrow(/>0/)
  })
})
