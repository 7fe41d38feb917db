import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../../runtime/index.ts'
import { fitMethod } from '../../../testing/fit-method.ts'
import { memoryCheckpoints } from '../../../testing/memory-checkpoints.ts'
import { turnedDomains } from '../../../testing/turned-classes.ts'
import { sourceOnly } from '../baseline/source-only.ts'
import { selfTraining } from './self-training.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const domains = turnedDomains()
const training = { epochs: 12, learningRate: 0.01, batchSize: 24, normalised: true }
const fit = (options: object, context: object = {}) =>
  fitMethod(selfTraining, { runtime, ...domains, settings: { ...training, ...options }, context })

describe('self-training', () => {
  it('learns a turned domain that the source alone does not teach', async () => {
    const alone = await fitMethod(sourceOnly, { runtime, ...domains, settings: training })
    expect(alone.accuracy).toBeLessThan(0.93)
    for (const balanced of [false, true]) {
      const { accuracy } = await fit({ balanced })
      expect(accuracy).toBeGreaterThan(alone.accuracy + 0.05)
    }
  })

  it('is helped by its loss alone: without it, the domain is not learnt', async () => {
    expect((await fit({ tradeOff: 0 })).accuracy).toBeLessThan(0.93)
  })

  it('gives no pseudo-labels before the warm-up ends, then more and more', async () => {
    const { training: history } = await fit({ warmUp: 0.25 })
    const shares = history!.epochs.map(({ losses }) => losses['pseudo-labelled']!)
    expect(shares.slice(0, 3)).toEqual([0, 0, 0])
    for (const [i, share] of shares.slice(3).entries()) expect(share).toBeCloseTo(0.2 + 0.05 * i, 1)
    expect(shares.at(-1)!).toBeGreaterThan(0.55)
    const few = (await fit({ warmUp: 0, part: 0.3, epochs: 5 })).training!.epochs.at(-1)!.losses
    expect(few['pseudo-labelled']).toBeCloseTo(0.3, 1)
  })

  it('labels no row that is not sure enough', async () => {
    const { training: history } = await fit({ balanced: false, threshold: 1, epochs: 3, warmUp: 0 })
    for (const { losses } of history!.epochs) expect(losses['pseudo-labelled']).toBeLessThan(0.05)
  })

  it('goes on from a checkpoint as if it had never stopped', async () => {
    const whole = await fit({ epochs: 4 })
    const store = memoryCheckpoints()
    const broken = new Error('stopped')
    const deep = { checkpoints: () => store }
    const stopping = { ...deep, onEpoch: ({ epoch }: { readonly epoch: number }) => stopAt(epoch, 3, broken) }
    await expect(fit({ epochs: 4 }, { deep: stopping })).rejects.toBe(broken)
    expect(store.stored).toHaveLength(2)
    expect((await fit({ epochs: 4 }, { deep })).target).toEqual(whole.target)
  })

  it('works where there is a single epoch', async () => {
    expect((await fit({ epochs: 1 })).training!.epochs).toHaveLength(1)
  })

  it.each([{ threshold: 1.5 }, { warmUp: -0.1 }, { part: 2 }, { tradeOff: -1 }, { balanced: 1 }])(
    'refuses %j',
    (options) => {
      expect(() => selfTraining.options.parse(options)).toThrow(Object.keys(options)[0]!)
    },
  )
})

const stopAt = (epoch: number, last: number, error: Error): void => {
  if (epoch === last) throw error
}
