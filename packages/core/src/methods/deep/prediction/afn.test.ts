import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../../runtime/index.ts'
import { type Matrix, rowOf } from '../../../tensor/index.ts'
import { fitMethod } from '../../../testing/fit-method.ts'
import { turnedDomains } from '../../../testing/turned-classes.ts'
import { afn } from './afn.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const domains = turnedDomains()
const fit = (options: Readonly<Record<string, unknown>>) =>
  fitMethod(afn, {
    runtime,
    ...domains,
    settings: { epochs: 10, learningRate: 0.01, weightDecay: 0, normalised: false, ...options },
  })

const meanNorm = (features: Matrix): number => {
  let sum = 0
  for (let i = 0; i < features.rows; i++) sum += Math.sqrt(rowOf(features, i).reduce((square, x) => square + x * x, 0))
  return sum / features.rows
}

describe('afn', () => {
  it.each(['stepwise', 'hard'])('learns a turned domain that the source alone does not teach: %s', async (norm) => {
    const settings = { norm, epochs: 12, batchSize: 24, normalised: true }
    const plain = await fit({ ...settings, tradeOff: 0 })
    expect((await fit(settings)).accuracy).toBeGreaterThan(plain.accuracy + 0.04)
  })

  it('makes features of both domains longer, step by step', async () => {
    const [plain, longer] = [await fit({ tradeOff: 0 }), await fit({})]
    for (const domain of ['source', 'target'] as const) {
      expect(meanNorm(longer[domain])).toBeGreaterThan(1.1 * meanNorm(plain[domain]))
    }
    expect(longer.accuracy).toBeGreaterThan(plain.accuracy - 0.05)
  })

  it('asks every row for one step more than it has: its loss is the square of the step, in each domain', async () => {
    const { training } = await fit({ epochs: 2, step: 0.5 })
    for (const { losses } of training!.epochs) expect(losses['feature norm']).toBeCloseTo(2 * 0.25, 4)
  })

  it('brings the mean norm of both domains to the radius, where hard', async () => {
    for (const radius of [6, 12]) {
      const { source, target, accuracy } = await fit({
        norm: 'hard',
        radius,
        tradeOff: 1,
        epochs: 12,
        batchSize: 20,
        hidden: 64,
      })
      expect(Math.abs(meanNorm(source) - radius)).toBeLessThan(0.1 * radius)
      expect(Math.abs(meanNorm(target) - radius)).toBeLessThan(0.1 * radius)
      expect(accuracy).toBeGreaterThan(0.7)
    }
  })

  it.each([{ tradeOff: -1 }, { step: 0 }, { radius: 0 }, { norm: 'soft' }])('refuses %j', (options) => {
    expect(() => afn.options.parse(options)).toThrow(Object.keys(options)[0]!)
  })
})
