import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../../runtime/index.ts'
import { fitMethod } from '../../../testing/fit-method.ts'
import { shiftedClasses } from '../../../testing/shifted-classes.ts'
import { deepJdot } from './deep-jdot.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const shape = { rows: 300, features: 4, classes: 3, apart: 4 }
const source = shiftedClasses({ ...shape, shift: 0, seed: 1 })
const target = shiftedClasses({ ...shape, shift: 3, seed: 2 })
const fit = (settings: Record<string, unknown>) =>
  fitMethod(deepJdot, {
    runtime,
    source,
    target,
    classes: 3,
    settings: { epochs: 20, learningRate: 0.01, hidden: 32, ...settings },
  })

describe('deep joint distribution optimal transport', () => {
  it('follows a shift by its features and labels together', async () => {
    const alone = await fit({ alpha: 0, lambda: 0 })
    const aligned = await fit({})
    expect(alone.accuracy).toBeLessThan(0.85)
    expect(aligned.accuracy).toBeGreaterThan(0.95)
    expect(alone.training!.epochs.at(-1)!.losses.transport).toBe(0)
  })

  it('sends labels: they make target rows surer of a class than features alone', async () => {
    const sure = async (lambda: number) => {
      const { training } = await fit({ alpha: 0.01, lambda, epochs: 10 })
      return training!.epochs.at(-1)!.losses.transport!
    }
    expect(await sure(1)).toBeGreaterThan(await sure(0))
  })

  it('gives the same with the same seed', async () => {
    const [first, again] = [await fit({ epochs: 2 }), await fit({ epochs: 2 })]
    expect(again.target.data).toEqual(first.target.data)
  })

  it('refuses settings out of range', () => {
    for (const settings of [{ alpha: -1 }, { lambda: -1 }, { plan: 'entropic' }]) {
      expect(() => deepJdot.options.parse(settings)).toThrow()
    }
  })
})
