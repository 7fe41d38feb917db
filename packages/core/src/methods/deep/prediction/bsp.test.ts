import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../../runtime/index.ts'
import { fitMethod } from '../../../testing/fit-method.ts'
import { shiftedClasses } from '../../../testing/shifted-classes.ts'
import { turnedDomains } from '../../../testing/turned-classes.ts'
import { bsp } from './bsp.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const domains = turnedDomains()
const fit = async (options: Readonly<Record<string, unknown>>) => {
  const settings = { epochs: 6, learningRate: 0.003, batchSize: 40, discriminatorWidth: 32, ...options }
  const { training, accuracy } = await fitMethod(bsp, { runtime, ...domains, settings: settings })
  const losses = training!.epochs.map((epoch) => epoch.losses)
  return { accuracy, losses, last: losses.at(-1)! }
}

describe('bsp', () => {
  it('learns a shifted domain that the source alone does not teach', async () => {
    const shape = { rows: 300, features: 4, classes: 3, apart: 4 }
    const shifted = {
      source: shiftedClasses({ ...shape, shift: 0, seed: 11 }),
      target: shiftedClasses({ ...shape, shift: 1.2, seed: 21 }),
      classes: shape.classes,
    }
    const once = async (own: Readonly<Record<string, unknown>>) => {
      const settings = { epochs: 12, learningRate: 0.01, batchSize: 24, normalised: false, ...own }
      return (await fitMethod(bsp, { runtime, ...shifted, settings, seed: 1 })).accuracy
    }
    expect(await once({})).toBeGreaterThan(0.94)
    expect(await once({ with: 'none', penalty: 0 })).toBeLessThan(0.9)
  })

  it('keeps the largest singular values of the features down', async () => {
    const longer = { epochs: 8, learningRate: 0.01, hidden: 64 }
    const [free, held] = [await fit({ ...longer, penalty: 0 }), await fit({ ...longer, penalty: 0.01 })]
    expect(held.last.spectral).toBeLessThan(0.6 * free.last.spectral!)
    expect(held.accuracy).toBeGreaterThan(0.75)
  })

  it('penalises more of them where told to', async () => {
    const options = { epochs: 1, learningRate: 1e-6, batchSize: 8, with: 'none' }
    const first = async (count: number) => (await fit({ ...options, count })).last.spectral!
    const [one, two, all, further] = [await first(1), await first(2), await first(8), await first(500)]
    expect(two).toBeGreaterThan(1.05 * one)
    expect(all).toBeGreaterThan(two)
    expect(further / all).toBeCloseTo(1, 5)
  })

  it('stands beside the loss of DANN, that of CDAN, or none', async () => {
    const named = async (adversary: string) => Object.keys((await fit({ with: adversary, epochs: 1 })).last).sort()
    const adversarial = ['adversarial', 'classification', 'discriminator accuracy', 'spectral']
    expect(await named('dann')).toEqual(adversarial)
    expect(await named('cdan')).toEqual(adversarial)
    expect(await named('none')).toEqual(['classification', 'spectral'])
    const [dann, cdan] = [await fit({ with: 'dann' }), await fit({ with: 'cdan' })]
    expect(dann.last.adversarial).not.toBe(cdan.last.adversarial)
  })

  it.each([{ penalty: -1 }, { count: 0 }, { count: 1.5 }, { with: 'mcd' }])('refuses %j', (options) => {
    expect(() => bsp.options.parse(options)).toThrow(Object.keys(options)[0]!)
  })
})
