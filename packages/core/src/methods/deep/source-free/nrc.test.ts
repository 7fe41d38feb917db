import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../../runtime/index.ts'
import { takeRows } from '../../../tensor/index.ts'
import { fitMethod } from '../../../testing/fit-method.ts'
import { turnedClasses } from '../../../testing/turned-classes.ts'
import { sourceOnly } from '../baseline/source-only.ts'
import { nrc } from './nrc.ts'

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

describe('NRC', () => {
  it('follows classes that turned, which the source’s network loses', async () => {
    const [adapted, plain] = [await fitMethod(nrc, request), await fitMethod(sourceOnly, request)]
    expect(plain.accuracy).toBeLessThan(0.85)
    expect(adapted.accuracy).toBeGreaterThan(0.95)
    expect(new Set(adapted.training!.epochs.map(({ stage }) => stage))).toEqual(new Set(['source', 'adaptation']))
  })

  it.each([1, 2, 4])('works with a target of so few rows: %i', async (rows) => {
    const { features, labels, name } = request.target
    const places = Int32Array.from({ length: rows }, (_, i) => i)
    const target = { name, features: takeRows(features, places), labels: labels.slice(0, rows) }
    const { training } = await fitMethod(nrc, { ...request, target, settings: { ...request.settings, epochs: 2 } })
    expect(training!.epochs.every(({ loss }) => Number.isFinite(loss))).toBe(true)
  })

  it('refuses no neighbours and an affinity above 1', () => {
    expect(() => nrc.options.parse({ neighbours: 0 })).toThrow(/neighbours/)
    expect(() => nrc.options.parse({ affinity: 2 })).toThrow(/affinity/)
  })
})
