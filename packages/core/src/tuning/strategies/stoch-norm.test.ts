import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime, type Tensors } from '../../runtime/index.ts'
import { compileStep, runStep, sgd, softmaxCrossEntropy } from '../../training/index.ts'
import type { TuningPlan } from '../strategy.ts'
import { stochNorm } from './stoch-norm.ts'
import { strategyContext } from './strategy-context.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const context = await strategyContext(runtime, { network: 'convolution' })
const planned = (p: number) => stochNorm.plan(context, { p }) as TuningPlan
const rows = Int32Array.of(4, 1, 9, 6, 2, 3, 11, 7)
const input = await context.inputs(rows, 1)
const choices = async (p: number, of = rows, epoch = 1) => (await planned(p).inputs!(input, of, epoch)) as Tensors
const numbers = (tensors: Tensors) => Object.values(tensors).flatMap(({ data }) => Array.from(data as Float32Array))

describe('stochastic normalisation', () => {
  it('chooses for every channel of every normalisation, the batch with probability p', async () => {
    expect(Object.values(await choices(0.5)).map(({ dims }) => dims)).toEqual([[3], [4]])
    expect(numbers(await choices(0))).toEqual(Array(7).fill(0))
    expect(numbers(await choices(1))).toEqual(Array(7).fill(1))
    let sum = 0
    for (let epoch = 1; epoch <= 600; epoch++) {
      for (const value of numbers(await choices(0.3, rows, epoch))) sum += value
    }
    // Four standard deviations of 4,200 draws.
    expect(Math.abs(sum / 4200 - 0.3)).toBeLessThan(0.0283)
  })

  it('chooses by epoch and rows alone, so that going on gives the same', async () => {
    const first = numbers(await choices(0.5))
    expect(numbers(await choices(0.5))).toEqual(first)
    const others = [await choices(0.5, rows, 2), await choices(0.5, rows, 3), await choices(0.5, rows.slice(1))]
    expect(others.some((other) => numbers(other).join() !== first.join())).toBe(true)
  })

  it('takes the step by moving statistics at p 0, and that by the batch’s at p 1', async () => {
    const target = { type: 'int64' as const, dims: [8], data: BigInt64Array.from(rows, (row) => BigInt(row % 3)) }
    const lossOf = async (batchNormalisation: 'fixed' | 'batch' | 'stochastic', p: number) => {
      const batch = { input, target, ...(await choices(p)) }
      const losses = [softmaxCrossEntropy({ logits: 'logits' })]
      const step = await compileStep(runtime, context.network, { batch, losses, optimiser: sgd(), batchNormalisation })
      let [state, last] = [step.start, 0]
      for (let i = 0; i < 3; i++) {
        const result = await runStep(runtime, step, state, batch, { step: i, learningRate: 0.1 })
        state = result.state
        last = result.loss
      }
      return last
    }
    expect(planned(0.5).batchNormalisation).toBe('stochastic')
    const [fixed, byBatch] = [await lossOf('fixed', 0), await lossOf('batch', 0)]
    // The moving statistics have moved since the first step.
    expect(await lossOf('stochastic', 1)).toBeCloseTo(byBatch, 5)
    expect(Math.abs(fixed - byBatch)).toBeGreaterThan(1e-3)
    expect(await lossOf('stochastic', 0)).not.toBeCloseTo(byBatch, 3)
  })

  it('refuses a network whose normalisation was folded away', async () => {
    const folded = await strategyContext(runtime, { network: 'perceptron' })
    expect(() => stochNorm.plan(folded, { p: 0.5 })).toThrow(/with BatchNormalization.*exporters fold it/)
    expect(() => stochNorm.plan({ ...folded, blocks: [] }, { p: 0.5 })).toThrow(/reuse fewer/)
  })
})
