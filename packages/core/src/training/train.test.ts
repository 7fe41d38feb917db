import { afterAll, describe, expect, it } from 'vitest'
import type { Model } from '../onnx/index.ts'
import { nodeRuntime } from '../runtime/index.ts'
import { smallBatch, smallNetwork } from '../testing/small-network.ts'
import {
  constantRate,
  cosine,
  type EpochRecord,
  movingAverage,
  type StepRecord,
  sgd,
  softmaxCrossEntropy,
  type TrainOptions,
  tensorData,
  train,
} from './index.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const data = tensorData(smallBatch(0, 50))
const settings: TrainOptions = {
  data,
  losses: [softmaxCrossEntropy({ logits: 'logits' })],
  optimiser: sgd({ momentum: 0.9 }),
  schedule: constantRate(0.1),
  batchSize: 16,
  epochs: 4,
}
const run = (options: Partial<TrainOptions> = {}, model = smallNetwork()) =>
  train(runtime, model, { ...settings, ...options })

/** The bits of all stored numbers. */
const weights = ({ graph }: Model) =>
  [...graph.initializers].map(([name, { data }]) => {
    const { buffer, byteOffset, length } = data as Float32Array
    return [name, ...new Uint32Array(buffer, byteOffset, length)]
  })

describe('train', () => {
  it('learns', async () => {
    const { history, epoch, stopped } = await run({ epochs: 60 })
    expect(history.at(-1)!.loss).toBeLessThan(0.2)
    expect(history[0]!.loss).toBeGreaterThan(0.4)
    expect([epoch, stopped, history.length]).toEqual([60, 'finished', 60])
  })

  it('takes every row once an epoch, in another order each time, the last batch being shorter', async () => {
    const all: number[][] = []
    const epochs: number[] = []
    const steps: StepRecord[] = []
    const watched = {
      rows: 50,
      batch: (rows: Int32Array, epoch: number) => {
        all.push([...rows])
        epochs.push(epoch)
        return data.batch(rows, epoch)
      },
    }
    const { history } = await run({ data: watched, epochs: 2, onStep: (step) => void steps.push(step) })
    expect(epochs).toEqual([1, 1, 1, 1, 2, 2, 2, 2])
    expect(all.map(({ length }) => length)).toEqual([16, 16, 16, 2, 16, 16, 16, 2])
    const ascending = (rows: number[]) => rows.toSorted((a, b) => a - b)
    const [first, second] = [all.slice(0, 4).flat(), all.slice(4).flat()]
    expect(ascending(first)).toEqual([...Array(50).keys()])
    expect(ascending(second)).toEqual([...Array(50).keys()])
    expect(first).not.toEqual(second)
    expect(steps.map(({ step, steps, epoch }) => [step, steps, epoch])).toEqual(
      [...Array(8).keys()].map((i) => [i + 1, 8, i < 4 ? 1 : 2]),
    )
    const sum = all.slice(0, 4).reduce((total, { length }, i) => total + length * steps[i]!.loss, 0)
    expect(history[0]!.loss).toBeCloseTo(sum / 50, 12)
  })

  it('gives the same bits for the same seed, and others for another', async () => {
    const [first, again, other] = [await run({ seed: 1 }), await run({ seed: 1 }), await run({ seed: 2 })]
    expect(weights(again.model)).toEqual(weights(first.model))
    expect(again.history).toEqual(first.history)
    expect(weights(other.model)).not.toEqual(weights(first.model))
  })

  it('changes nothing that it is given', async () => {
    const model = smallNetwork()
    const before = weights(model)
    const rows = smallBatch(0, 50)
    await run({ data: tensorData(rows) }, model)
    expect(weights(model)).toEqual(before)
    expect(rows).toEqual(smallBatch(0, 50))
  })

  it('tells of steps and epochs, with the schedule’s learning rates', async () => {
    const steps: StepRecord[] = []
    const epochs: EpochRecord[] = []
    const schedule = cosine(0.2)
    const options = { schedule, epochs: 2, clipNorm: 1 }
    const { history } = await run({
      ...options,
      onStep: (step) => void steps.push(step),
      onEpoch: async (epoch) => void epochs.push(epoch),
    })
    expect(steps.map(({ learningRate }) => learningRate)).toEqual([...Array(8).keys()].map((i) => schedule(i, 8)))
    expect(steps.every(({ gradientNorm }) => gradientNorm! > 0)).toBe(true)
    expect(steps[0]!.losses['cross-entropy']).toBe(steps[0]!.loss)
    expect(epochs).toEqual(history)
    expect(epochs.map(({ epoch, learningRate }) => [epoch, learningRate])).toEqual([
      [1, schedule(3, 8)],
      [2, schedule(7, 8)],
    ])
  })

  it('gives a loss a factor that changes from step to step', async () => {
    const seen: number[] = []
    const losses = [softmaxCrossEntropy({ logits: 'logits', weight: 'factor' })]
    const onStep = (step: StepRecord) => void seen.push(step.loss / step.losses['cross-entropy']!)
    await run({ losses, epochs: 1, scalars: { factor: (step, steps) => step / steps }, onStep })
    expect(seen.map((factor) => Number(factor.toFixed(5)))).toEqual([0, 0.25, 0.5, 0.75])
  })

  it.each([
    ['throws', () => Promise.reject(new Error('enough'))],
    [
      'throws at once',
      () => {
        throw new Error('enough')
      },
    ],
  ])('ends with the error of a callback that %s, and leaves the runtime in order', async (_, fail) => {
    const expected = await run()
    await expect(run({ onStep: ({ step }) => (step === 3 ? fail() : undefined) })).rejects.toThrow('enough')
    await expect(run({ onEpoch: fail })).rejects.toThrow('enough')
    await expect(run({ validation: { score: fail } })).rejects.toThrow('enough')
    await expect(run({ data: { rows: 50, batch: fail } })).rejects.toThrow('enough')
    expect(weights((await run()).model)).toEqual(weights(expected.model))
  })

  it('stops after the step under way when it is aborted', async () => {
    const controller = new AbortController()
    const stopAt = (step: number) => (record: StepRecord) => {
      if (record.step === step) controller.abort()
    }
    const { stopped, history, epoch, model } = await run({ signal: controller.signal, onStep: stopAt(6) })
    expect([stopped, history.length, epoch]).toEqual(['aborted', 1, 1])
    expect(weights(model)).not.toEqual(weights((await run({ epochs: 1 })).model))
    const atOnce = await run({ signal: controller.signal })
    expect(weights(atOnce.model)).toEqual(weights(smallNetwork()))
  })

  it('lets timers run meanwhile', async () => {
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 100)
    const { stopped } = await run({ signal: controller.signal, epochs: 1e6 })
    expect(stopped).toBe('aborted')
  })

  it('refuses settings that make no sense', async () => {
    await expect(run({ epochs: 0 })).rejects.toThrow(/epochs is 0: a whole number of 1 or more/)
    await expect(run({ batchSize: 1.5 })).rejects.toThrow(/batchSize is 1.5/)
    await expect(run({ data: { ...data, rows: 0 } })).rejects.toThrow(/data.rows is 0/)
    await expect(run({ checkpointEvery: -1 })).rejects.toThrow(/checkpointEvery is -1/)
    await expect(run({ validation: { score: async () => 1, patience: 0 } })).rejects.toThrow(/patience is 0/)
    await expect(run({ validation: { score: async () => Number.NaN } })).rejects.toThrow(/score of epoch 1 is NaN/)
  })
})

describe('validation', () => {
  const scored = (scores: number[]) => ({ score: async () => scores.shift()! })

  it('keeps the weights of the best epoch', async () => {
    const { model, epoch, history, stopped } = await run({ validation: scored([1, 3, 2, 3]) })
    expect([epoch, stopped]).toEqual([2, 'finished'])
    expect(history.map(({ score }) => score)).toEqual([1, 3, 2, 3])
    expect(weights(model)).toEqual(weights((await run({ epochs: 2 })).model))
  })

  it('ends training after some epochs without a better score', async () => {
    const validation = { ...scored([1, 3, 2, 3, 9]), patience: 2 }
    const { model, epoch, history, stopped } = await run({ epochs: 10, validation })
    expect([epoch, history.length, stopped]).toEqual([2, 4, 'no improvement'])
    expect(weights(model)).toEqual(weights((await run({ epochs: 2 })).model))
  })

  it('is what counts when training is aborted', async () => {
    const controller = new AbortController()
    const onEpoch = ({ epoch }: EpochRecord) => {
      if (epoch === 3) controller.abort()
    }
    const { epoch, stopped } = await run({ validation: scored([1, 3, 2]), onEpoch, signal: controller.signal })
    expect([epoch, stopped]).toEqual([2, 'aborted'])
  })

  it.each([
    ['weights', {}],
    ['averages', { averaging: movingAverage(0.9) }],
  ])('predicts with the %s of the moment, which are those returned', async (_, options) => {
    const { input } = smallBatch(100, 120)
    const seen: unknown[] = []
    const validation: TrainOptions['validation'] = {
      score: async (predict) => {
        seen.push((await predict({ input })).logits!.data)
        return 0
      },
    }
    await run({ ...options, epochs: 3, validation })
    expect(seen.length).toBe(3)
    for (const [i, logits] of seen.entries()) {
      const { model } = await run({ ...options, epochs: i + 1 })
      expect((await runtime.run(model, { input })).logits!.data).toEqual(logits)
    }
  })

  it('averages otherwise than the weights themselves', async () => {
    const plain = await run()
    const averaged = await run({ averaging: movingAverage(0.9) })
    expect(weights(averaged.model)).not.toEqual(weights(plain.model))
    expect(averaged.history).toEqual(plain.history)
  })
})

describe('losses', () => {
  it('of weight 0 are measured and change nothing; the history has the mean of each', async () => {
    const smoothed = softmaxCrossEntropy({ logits: 'logits', labelSmoothing: 0.5, name: 'smoothed', weight: 0 })
    const plain = await run()
    const watched = await run({ losses: [...settings.losses, smoothed] })
    expect(weights(watched.model)).toEqual(weights(plain.model))
    for (const { loss, losses } of watched.history) {
      expect(losses['cross-entropy']).toBe(loss)
      expect(losses.smoothed).toBeGreaterThan(loss)
    }
    await expect(run({ losses: [smoothed] })).rejects.toThrow('every loss has the weight 0')
  })
})
