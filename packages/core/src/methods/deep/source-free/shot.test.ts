import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../../runtime/index.ts'
import { fitMethod } from '../../../testing/fit-method.ts'
import { turnedClasses } from '../../../testing/turned-classes.ts'
import { sourceOnly } from '../baseline/source-only.ts'
import { shot } from './shot.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const domain = (turn: number, seed: number) => turnedClasses({ rows: 160, classes: 4, turn, spread: 0.4, seed })
const request = {
  runtime,
  source: domain(0, 1),
  target: domain(40, 2),
  classes: 4,
  settings: { epochs: 15, learningRate: 1e-2, batchSize: 32, hidden: 16, labelSmoothing: 0.1, normalised: false },
}
const fitted = (settings: object = {}) =>
  fitMethod(shot, { ...request, settings: { ...request.settings, ...settings } })

describe('SHOT', () => {
  it('follows classes that turned, which the source’s network loses', async () => {
    const [adapted, plain] = [await fitted(), await fitMethod(sourceOnly, request)]
    expect(plain.accuracy).toBeLessThan(0.85)
    expect(adapted.accuracy).toBeGreaterThan(0.95)
  })

  it('keeps the source’s classifier, and learns what lies before it', async () => {
    const [a, b] = [await fitted(), await fitted({ pseudoLabels: 2 })]
    expect(b.classifier.parameters).toEqual(a.classifier.parameters)
    expect(b.embed.parameters).not.toEqual(a.embed.parameters)
  })

  it('uses the source in the first stage alone', async () => {
    const { training } = await fitted({ epochs: 2 })
    const losses = training!.epochs.map(({ stage, losses }) => [stage, ...Object.keys(losses)].join())
    expect(losses).toEqual([
      ...new Array(2).fill('source,classification'),
      ...new Array(2).fill('adaptation,information,pseudo-labels'),
    ])
  })

  it('refuses a negative factor', () => {
    expect(() => shot.options.parse({ pseudoLabels: -1 })).toThrow(/pseudoLabels/)
  })
})
