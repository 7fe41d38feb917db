import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../../runtime/index.ts'
import { fitMethod } from '../../../testing/fit-method.ts'
import { shiftedClasses } from '../../../testing/shifted-classes.ts'
import { mmdNet } from './mmd-net.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const shape = { rows: 300, features: 4, classes: 3, apart: 4 }
const source = shiftedClasses({ ...shape, shift: 0, seed: 1 })
const target = shiftedClasses({ ...shape, shift: 3, seed: 2 })
const fit = (settings: Record<string, unknown>) =>
  fitMethod(mmdNet, {
    runtime,
    source,
    target,
    classes: 3,
    settings: { epochs: 20, learningRate: 0.01, hidden: 32, ...settings },
  })
const stages = ({ training }: Awaited<ReturnType<typeof fit>>) => training!.epochs.map(({ stage }) => stage)

describe('domain adaptive neural networks', () => {
  it('follow a shift', async () => {
    const alone = await fit({ tradeOff: 0 })
    const aligned = await fit({})
    expect(alone.accuracy).toBeLessThan(0.85)
    expect(aligned.accuracy).toBeGreaterThan(0.95)
  })

  it('begin with a denoising autoencoder, which learns to restore rows', async () => {
    const fitted = await fit({ pretraining: 12, epochs: 2 })
    expect(stages(fitted)).toEqual([...new Array(12).fill('denoising'), 'adaptation', 'adaptation'])
    const [first, last] = [fitted.training!.epochs[0]!, fitted.training!.epochs[11]!]
    expect(last.losses.reconstruction!).toBeLessThan(first.losses.reconstruction! / 3)
    expect(first.losses.classification).toBeUndefined()
  })

  it('restore rows less well the more of them is destroyed', async () => {
    const error = async (destroyed: number) =>
      (await fit({ pretraining: 12, epochs: 1, destroyed })).training!.epochs[11]!.losses.reconstruction!
    expect(await error(0.6)).toBeGreaterThan(1.5 * (await error(0)))
  })

  it('go on from the encoder’s weights', async () => {
    const still = { epochs: 1, learningRate: 1e-9 }
    const [fresh, pretrained] = [await fit({ ...still, pretraining: 0 }), await fit({ ...still, pretraining: 1 })]
    expect(stages(fresh)).toEqual(['adaptation'])
    pretrained.target.data.forEach((value, k) => {
      expect(value).toBeCloseTo(fresh.target.data[k]!, 4)
    })
    const moved = await fit({ epochs: 1, learningRate: 0.01, pretraining: 10 })
    expect(moved.target.data).not.toEqual(fresh.target.data)
  })

  it('refuse settings out of range', () => {
    for (const settings of [{ destroyed: 1 }, { pretraining: -1 }, { tradeOff: -1 }]) {
      expect(() => mmdNet.options.parse(settings)).toThrow()
    }
  })
})
