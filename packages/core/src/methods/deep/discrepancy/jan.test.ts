import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../../runtime/index.ts'
import { fitMethod } from '../../../testing/fit-method.ts'
import { shiftedClasses } from '../../../testing/shifted-classes.ts'
import { jan } from './jan.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const shape = { rows: 300, features: 4, classes: 3, apart: 4 }
const source = shiftedClasses({ ...shape, shift: 0, seed: 1 })
const target = shiftedClasses({ ...shape, shift: 3, seed: 2 })
const fit = (settings: Record<string, unknown>) =>
  fitMethod(jan, {
    runtime,
    source,
    target,
    classes: 3,
    settings: { epochs: 20, learningRate: 0.01, hidden: '32,16', ...settings },
  })

describe('joint adaptation networks', () => {
  it.each([{}, { layers: 2 }, { layers: 0 }])('follow a shift with %o', async (settings) => {
    const alone = await fit({ ...settings, tradeOff: 0 })
    const aligned = await fit(settings)
    expect(alone.accuracy).toBeLessThan(0.85)
    expect(aligned.accuracy).toBeGreaterThan(0.95)
    const last = (fitted: typeof alone) => fitted.training!.epochs.at(-1)!.losses['joint mmd']!
    expect(last(aligned)).toBeLessThan(last(alone) / 2)
  })

  it('refuse settings out of range', () => {
    for (const settings of [{ tradeOff: -1 }, { layers: -1 }, { gamma: -1 }, { estimator: 'biased' }]) {
      expect(() => jan.options.parse(settings)).toThrow()
    }
  })
})
