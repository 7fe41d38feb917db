import { afterAll, describe, expect, it } from 'vitest'
import type { Model } from '../onnx/index.ts'
import { nodeRuntime } from '../runtime/index.ts'
import { type MemoryCheckpoints, memoryCheckpoints } from '../testing/memory-checkpoints.ts'
import { smallBatch, smallNetwork } from '../testing/small-network.ts'
import {
  adamW,
  constantRate,
  cosine,
  epochAverage,
  movingAverage,
  type Predict,
  sgd,
  softmaxCrossEntropy,
  type TrainingResult,
  type TrainOptions,
  tensorData,
  train,
} from './index.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const losses = [softmaxCrossEntropy({ logits: 'logits' })]
const settings: TrainOptions = {
  data: tensorData(smallBatch(0, 50)),
  losses,
  optimiser: adamW(),
  schedule: cosine(0.05),
  batchSize: 16,
  epochs: 4,
  checkpointEvery: 3,
}
const run = (options: Partial<TrainOptions> = {}, model = smallNetwork({ normalised: true })) =>
  train(runtime, model, { ...settings, ...options })

const bits = ({ graph }: Model) =>
  [...graph.initializers].map(([name, { data }]) => {
    const { buffer, byteOffset, length } = data as Float32Array
    return [name, ...new Uint32Array(buffer, byteOffset, length)]
  })
const outcome = ({ model, ...rest }: TrainingResult) => ({ weights: bits(model), ...rest })

/** Accuracy to two digits on other rows: a score with its ups and downs. */
async function score(predict: Predict): Promise<number> {
  const { input, target } = smallBatch(200, 260)
  const logits = (await predict({ input })).logits!.data as Float32Array
  const right = Array.from(target.data as BigInt64Array).filter(
    (label, i) => Number(label) === (logits[2 * i + 1]! > logits[2 * i]! ? 1 : 0),
  )
  return Math.round((100 * right.length) / 60) / 100
}

const cases: Record<string, Partial<TrainOptions>> = {
  'AdamW with a schedule': {},
  'momentum and clipping': { optimiser: sgd({ momentum: 0.9 }), clipNorm: 0.5 },
  'batch statistics': { batchNormalisation: 'batch', schedule: constantRate(0.02) },
  'a moving average': { averaging: movingAverage(0.9) },
  'an average of epochs': { averaging: epochAverage(2) },
  'the best epoch': { validation: { score }, seed: 5 },
  'early stopping': { validation: { score, patience: 1 }, seed: 5, epochs: 12 },
  'the best average': { validation: { score }, averaging: movingAverage(0.8), batchNormalisation: 'batch' },
}

describe.each(Object.entries(cases))('training with %s', (_, options) => {
  it('goes on from every checkpoint, mid-epoch or not, to the same bits', async () => {
    const uninterrupted = outcome(await run(options))
    const all = memoryCheckpoints()
    expect(outcome(await run({ ...options, checkpoints: all }))).toEqual(uninterrupted)
    const epochs = uninterrupted.history.length
    // One at each epoch's end, and one after every third step that is not the last of its epoch.
    const within = [...Array(4 * epochs).keys()].filter((i) => (i + 1) % 3 === 0 && (i + 1) % 4 !== 0)
    expect(all.stored.length).toBe(epochs + within.length)
    for (let newest = 1; newest <= all.stored.length; newest++) {
      const store = memoryCheckpoints(all.stored.slice(0, newest))
      const steps: number[] = []
      const onStep = ({ step }: { step: number }) => void steps.push(step)
      expect(outcome(await run({ ...options, checkpoints: store, onStep })), `checkpoint ${newest}`).toEqual(
        uninterrupted,
      )
      expect(steps[0] ?? 0).not.toBe(1)
      expect(store.stored.at(-1)).toEqual(all.stored.at(-1))
    }
  })
})

describe('training', () => {
  it('goes on from where it was aborted', async () => {
    const expected = outcome(await run())
    for (const at of [1, 4, 6]) {
      const controller = new AbortController()
      const store = memoryCheckpoints()
      const onStep = ({ step }: { step: number }) => {
        if (step === at) controller.abort()
      }
      const stopped = await run({ checkpoints: store, signal: controller.signal, onStep })
      expect(stopped.stopped).toBe('aborted')
      expect(outcome(await run({ checkpoints: store }))).toEqual(expected)
    }
  })

  it('goes on after a callback has thrown', async () => {
    const store = memoryCheckpoints()
    const onStep = ({ step }: { step: number }) => {
      if (step === 8) throw new Error('enough')
    }
    await expect(run({ checkpoints: store, onStep })).rejects.toThrow('enough')
    expect(outcome(await run({ checkpoints: store }))).toEqual(outcome(await run()))
  })

  it('does nothing more once it has finished', async () => {
    const store = memoryCheckpoints()
    const first = await run({ checkpoints: store })
    const written = store.stored.length
    const again = await run({ checkpoints: store, onStep: () => Promise.reject(new Error('a step')) })
    expect(outcome(again)).toEqual(outcome(first))
    expect(store.stored.length).toBe(written)
  })
})

describe('a checkpoint that is broken', () => {
  const whole = async (): Promise<MemoryCheckpoints> => {
    const store = memoryCheckpoints()
    await run({ checkpoints: store, epochs: 4 })
    return memoryCheckpoints(store.stored.slice(0, 3))
  }

  it.each([
    ['cut short', (bytes: Uint8Array) => bytes.slice(0, bytes.length - 9), /cut short or altered/],
    ['altered', (bytes: Uint8Array) => bytes.map((byte, i) => (i === 300 ? byte ^ 4 : byte)), /cut short or altered/],
    ['empty', () => new Uint8Array(0), /no checkpoint of Graft/],
  ])('because it is %s is refused with a message, and the one before is used', async (_, breakIt, reason) => {
    const store = await whole()
    store.stored[2] = breakIt(store.stored[2]!)
    const warnings: string[] = []
    const steps: number[] = []
    const result = await run({
      checkpoints: store,
      onWarning: (message) => void warnings.push(message),
      onStep: ({ step }) => void steps.push(step),
    })
    expect(warnings).toEqual([
      expect.stringMatching(/went back to the checkpoint checkpoint 1; refused checkpoint 2: /),
    ])
    expect(warnings[0]).toMatch(reason)
    expect(steps[0]).toBe(5)
    expect(outcome(result)).toEqual(outcome(await run()))
  })

  it('is not passed over in silence where there is no other', async () => {
    const store = await whole()
    store.stored.forEach((bytes, i) => {
      store.stored[i] = bytes.slice(0, 100)
    })
    await expect(run({ checkpoints: store })).rejects.toThrow(
      /no checkpoint can be gone on with: checkpoint 2: .*checkpoint 1: .*checkpoint 0: .*Remove them to start again/,
    )
  })

  it('is told from one that cannot be read', async () => {
    const store = await whole()
    const list = async () => [{ name: 'far away', read: () => Promise.reject(new Error('the disk is gone')) }]
    await expect(run({ checkpoints: { ...store, list } })).rejects.toThrow('the disk is gone')
  })
})

describe('a checkpoint of another training', () => {
  const changes: [string, Partial<TrainOptions>, RegExp][] = [
    ['seed', { seed: 1 }, /its seed is 0, this one's 1/],
    ['number of epochs', { epochs: 5 }, /its epochs is 4, this one's 5/],
    ['batch size', { batchSize: 10 }, /its batch size is 16, this one's 10/],
    ['number of rows', { data: tensorData(smallBatch(0, 51)) }, /its rows is 50, this one's 51/],
    ['optimiser', { optimiser: sgd() }, /its optimiser is adamw, this one's sgd/],
    ['optimiser’s setting', { optimiser: adamW({ beta2: 0.99 }) }, /its compiled step/],
    ['learning rate', { schedule: cosine(0.06) }, /its learning rates is 0.05/],
    ['loss', { losses: [softmaxCrossEntropy({ logits: 'logits', labelSmoothing: 0.1 })] }, /its compiled step/],
    ['clipping', { clipNorm: 1 }, /its compiled step/],
    ['group', { groups: [{ match: () => true, rate: 0.5 }] }, /its compiled step/],
    ['frozen weight', { trainable: (name) => name.startsWith('second') }, /its compiled step/],
    ['averaging', { averaging: movingAverage(0.9) }, /its averaging is none/],
    ['validation', { validation: { score } }, /its patience is no validation, this one's none/],
  ]

  it.each(changes)('with another %s is refused', async (_, options, message) => {
    const store = memoryCheckpoints()
    await run({ checkpoints: store })
    const failure = await run({ checkpoints: store, ...options }).catch((error: Error) => error.message)
    expect(failure).toMatch(message)
    expect(failure).toMatch(/belongs to another training.*use the same settings, or remove it to start again/)
  })

  it('with other weights to start from is refused', async () => {
    const store = memoryCheckpoints()
    await run({ checkpoints: store })
    await expect(run({ checkpoints: store }, smallNetwork())).rejects.toThrow(/its model is/)
  })
})
