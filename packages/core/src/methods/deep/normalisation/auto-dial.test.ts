import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../../runtime/index.ts'
import { fitMethod } from '../../../testing/fit-method.ts'
import { shiftedClasses } from '../../../testing/shifted-classes.ts'
import { sourceOnly } from '../baseline/source-only.ts'
import { autoDial } from './auto-dial.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const domain = (shift: number, seed: number) =>
  shiftedClasses({ rows: 150, features: 4, classes: 3, apart: 4, shift, seed })
const request = {
  runtime,
  source: domain(0, 1),
  target: domain(-2.5, 2),
  classes: 3,
  settings: { epochs: 20, learningRate: 1e-2, batchSize: 32, hidden: 16, normalised: true },
}

describe('AutoDIAL', () => {
  it('finds the classes of a shifted target', async () => {
    const [aligned, plain] = [await fitMethod(autoDial, request), await fitMethod(sourceOnly, request)]
    expect(plain.accuracy).toBeLessThan(0.7)
    expect(aligned.accuracy).toBeGreaterThan(0.95)
  })

  it('learns the mixing', async () => {
    const settings = { ...request.settings, mixing: 0.75, entropy: 0.5 }
    const { training } = await fitMethod(autoDial, { ...request, settings })
    const mixings = training!.epochs.map(({ losses }) => losses.mixing!)
    expect(mixings[0]).toBeGreaterThan(0.6)
    expect(mixings[0]).toBeLessThan(0.9)
    expect(Math.abs(mixings.at(-1)! - 0.75)).toBeGreaterThan(0.01)
  })

  it('is watched with statistics that follow the target as it trains', async () => {
    const seen: number[] = []
    const { target } = request
    const onlooker = (found: Int32Array) => {
      seen.push(found.filter((label, i) => label === target.labels[i]).length / found.length)
      return seen.at(-1)!
    }
    const { accuracy } = await fitMethod(autoDial, { ...request, context: { deep: { onlooker } } })
    expect(Math.abs(seen.at(-1)! - accuracy)).toBeLessThan(0.05)
  })

  it('lowers the entropy on the target by its loss', async () => {
    const entropies = async (entropy: number) => {
      const { training } = await fitMethod(autoDial, { ...request, settings: { ...request.settings, entropy } })
      return training!.epochs.at(-1)!.losses.entropy!
    }
    expect(await entropies(0.5)).toBeLessThan(0.9 * (await entropies(0)))
  })

  it('refuses a mixing out of range and networks without normalisation', async () => {
    expect(() => autoDial.options.parse({ mixing: 0.3 })).toThrow(/0\.5/)
    const settings = { ...request.settings, normalised: false }
    await expect(fitMethod(autoDial, { ...request, settings })).rejects.toThrow(/normalised=true/)
  })
})
