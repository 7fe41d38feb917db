import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../../runtime/index.ts'
import { fitMethod } from '../../../testing/fit-method.ts'
import { shiftedClasses } from '../../../testing/shifted-classes.ts'
import { wdgrl } from './wdgrl.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const shape = { rows: 300, features: 4, classes: 3, apart: 4 }
const source = shiftedClasses({ ...shape, shift: 0, seed: 1 })
const target = shiftedClasses({ ...shape, shift: 3, seed: 2 })
const fit = (settings: Record<string, unknown>) =>
  fitMethod(wdgrl, {
    runtime,
    source,
    target,
    classes: 3,
    settings: { epochs: 20, learningRate: 0.01, hidden: 32, ...settings },
  })
const lossesOf = ({ training }: Awaited<ReturnType<typeof fit>>) => training!.epochs.at(-1)!.losses

describe('Wasserstein distance guided learning', () => {
  it('follows a shift, the critic seeing less of a difference', async () => {
    const alone = await fit({ tradeOff: 0 })
    const aligned = await fit({})
    expect(alone.accuracy).toBeLessThan(0.85)
    expect(aligned.accuracy).toBeGreaterThan(0.95)
    expect(lossesOf(aligned).wasserstein!).toBeLessThan(lossesOf(alone).wasserstein! / 2)
    expect(lossesOf(aligned).classification!).toBeLessThan(0.3)
  })

  it('takes the critic’s steps before the network’s: more of them find more of the distance', async () => {
    const short = { tradeOff: 0, epochs: 2 }
    const [few, many] = [await fit({ ...short, criticSteps: 1 }), await fit({ ...short, criticSteps: 8 })]
    expect(lossesOf(many).wasserstein!).toBeGreaterThan(2 * lossesOf(few).wasserstein!)
    // The network itself learns the same.
    expect(many.target.data).toEqual(few.target.data)
  })

  it('keeps the critic’s slope near 1 by the penalty, the nearer the more that counts', async () => {
    const excess = async (penalty: number) =>
      lossesOf(await fit({ tradeOff: 0, epochs: 10, penalty }))['gradient penalty']!
    const [free, usual, strict] = [await excess(0), await excess(10), await excess(100)]
    expect(usual).toBeLessThan(free / 10)
    expect(strict).toBeLessThan(usual / 2)
    expect(strict).toBeLessThan(0.2)
  })

  it('refuses settings out of range', () => {
    for (const settings of [{ criticSteps: 0 }, { penalty: -1 }, { criticWidth: 0 }, { criticRate: 0 }]) {
      expect(() => wdgrl.options.parse(settings)).toThrow()
    }
  })
})
