import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Model } from '../onnx/index.ts'
import { nodeRuntime, type Runtime } from '../runtime/index.ts'
import { usualPart } from './blend.ts'
import { strategies } from './catalogue.ts'
import type { TunedEpoch } from './fine-tune.ts'
import { tune } from './tune.ts'
import { accuracyOn, pretrained, request, taskRows } from './tuning-problem.ts'

let runtime: Runtime
let model: Model
beforeAll(async () => {
  runtime = await nodeRuntime({ threads: 1 })
  model = await pretrained(runtime)
})
afterAll(() => runtime.release())

const test = taskRows('new', 600, 7)
const weights = (of: Model, name: string) => of.graph.initializers.get(name)!.data
const FIRST = ['fc1.weight', 'fc1.bias']
const SECOND = ['fc2.weight', 'fc2.bias']

describe('tune', () => {
  it('brings a pretrained network to a related task, and further than its head alone', async () => {
    const many = taskRows('new', 300)
    const result = await tune(
      request(runtime, model, { training: many, epochs: 12, settings: { learningRate: 0.005 } }),
    )
    const [start, tuned] = [
      await accuracyOn(runtime, result.start, test),
      await accuracyOn(runtime, result.model, test),
    ]
    expect(start).toBeGreaterThan(0.8)
    expect(tuned).toBeGreaterThan(start)
    expect(result.epoch).toBeGreaterThan(0)
    expect(result.epochs.map(({ epoch }) => epoch)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1))
    expect(result.validation).toMatchObject({ rows: 60 })
    expect(result.validation.accuracy).toBeGreaterThanOrEqual(result.validation.start!)
    expect(result.trainable).toEqual({ parameters: 6 * 32 + 32 + 32 * 16 + 16 + 16 * 3 + 3, tensors: 6 })
    expect(result.depth).toEqual({ reuse: 0, trials: [], why: 'keeps 0 of 2 blocks, as the strategy does' })
    const scratch = await tune(
      request(runtime, model, { training: many, epochs: 12, settings: { learningRate: 0.005, rest: 'afresh' } }),
    )
    expect(await accuracyOn(runtime, scratch.model, test)).toBeLessThan(tuned - 0.1)
  })

  it('leaves every pretrained weight alone with the strategy "head", and fits it again on all rows', async () => {
    const result = await tune(request(runtime, model, { strategy: 'head' }))
    for (const name of [...FIRST, ...SECOND, 'fc3.weight', 'fc3.bias']) {
      expect(weights(result.model, name), name).toEqual(weights(model, name))
    }
    expect(result.depth.reuse).toBe(2)
    expect(result.trainable).toEqual({ parameters: 16 * 3 + 3, tensors: 2 })
    expect(result.refitted).toBe(true)
    const held = await tune(request(runtime, model, { strategy: 'head', settings: { refit: false } }))
    expect(held.refitted).toBe(false)
    expect(weights(held.model, 'head.weight')).not.toEqual(weights(result.model, 'head.weight'))
    expect(await accuracyOn(runtime, result.model, test)).toBeGreaterThan(0.8)
  })

  it('keeps the first blocks bit for bit and trains those behind them', async () => {
    const settings = { learningRate: 0.003, validation: 0 }
    const result = await tune(request(runtime, model, { reuse: 1, settings }))
    for (const name of FIRST) expect(weights(result.model, name), name).toEqual(weights(model, name))
    for (const name of SECOND) expect(weights(result.model, name), name).not.toEqual(weights(model, name))
    expect(result.trainable.tensors).toBe(4)
    expect(result.depth.why).toBe('keeps 1 of 2 blocks, as was asked for')
  })

  it('gives the same bytes for the same seed, and others for another', async () => {
    const settings = { validation: 0 }
    const [a, b, c] = [
      await tune(request(runtime, model, { seed: 4, reuse: 1, settings })),
      await tune(request(runtime, model, { seed: 4, reuse: 1, settings })),
      await tune(request(runtime, model, { seed: 5, reuse: 1, settings })),
    ]
    for (const name of [...SECOND, 'head.weight', 'head.bias']) {
      expect(weights(a.model, name), name).toEqual(weights(b.model, name))
    }
    const told = (epochs: readonly TunedEpoch[]) => epochs.map(({ seconds: _, ...rest }) => rest)
    expect(told(a.epochs)).toEqual(told(b.epochs))
    expect(weights(a.model, 'fc2.weight')).not.toEqual(weights(c.model, 'fc2.weight'))
  })

  it('goes as far from the head on fixed features towards the trained weights as is asked for', async () => {
    const at = async (blend: number) =>
      (await tune(request(runtime, model, { settings: { learningRate: 0.003, batchSize: 16, validation: 0, blend } })))
        .model
    const [start, middle, end] = [await at(0), await at(0.33), await at(1)]
    for (const name of [...FIRST, ...SECOND, 'head.weight', 'head.bias']) {
      const [a, b] = [weights(start, name) as Float32Array, weights(end, name) as Float32Array]
      expect(b, name).not.toEqual(a)
      ;(weights(middle, name) as Float32Array).forEach((value, i) => {
        expect(value).toBeCloseTo(0.67 * a[i]! + 0.33 * b[i]!, 5)
      })
    }
  })

  it('goes by the mistakes of the head on fixed features unless told otherwise', async () => {
    const settings = { learningRate: 0.003, batchSize: 16, validation: 0 }
    const usual = await tune(request(runtime, model, { settings }))
    const blend = usualPart(60, 3, usual.head!.accuracy)
    expect(blend).toBeGreaterThan(0)
    expect(usual.facts).toEqual({ blend })
    const asked = await tune(request(runtime, model, { settings: { ...settings, blend } }))
    for (const name of [...FIRST, ...SECOND, 'head.weight', 'head.bias']) {
      expect(weights(usual.model, name), name).toEqual(weights(asked.model, name))
    }
  })

  it('trains to the end of its epochs, whichever of them did best on the rows held out', async () => {
    const result = await tune(request(runtime, model, { settings: { learningRate: 0.003, blend: 1, refit: false } }))
    const last = result.epochs.at(-1)!
    expect(result.epochs).toHaveLength(6)
    expect([0, 6]).toContain(result.epoch)
    if (result.epoch === 6) expect(result.validation.accuracy).toBe(last.validationAccuracy)
    const given = await tune(
      request(runtime, model, {
        training: taskRows('new', 600),
        validation: test,
        epochs: 16,
        settings: { learningRate: 0.01, blend: 1 },
      }),
    )
    expect(given.epoch).toBe(16)
    expect(given.validation.accuracy).toBe(given.epochs.at(-1)!.validationAccuracy)
    expect(given.validation.accuracy).toBeGreaterThan(given.validation.start!)
    expect(await accuracyOn(runtime, given.model, test)).toBeCloseTo(given.validation.accuracy!, 9)
  })

  it('keeps the head on fixed features where training only hurts', async () => {
    const result = await tune(
      request(runtime, model, { validation: taskRows('new', 200, 3), settings: { learningRate: 30 } }),
    )
    expect(result.epoch).toBe(0)
    expect(result.validation.accuracy).toBe(result.validation.start)
    expect(result.epochs).toHaveLength(6)
    for (const name of [...FIRST, ...SECOND]) expect(weights(result.model, name)).toEqual(weights(model, name))
    expect(weights(result.model, 'head.weight')).toEqual(weights(result.start, 'head.weight'))
  })

  it('starts the head at zero where asked', async () => {
    const settings = { headStart: 'zero', learningRate: 0.01, batchSize: 16 }
    const result = await tune(request(runtime, model, { training: taskRows('new', 150), settings, epochs: 15 }))
    expect(result.head).toBeNull()
    expect([...(weights(result.start, 'head.weight') as Float32Array)].every((value) => value === 0)).toBe(true)
    expect(await accuracyOn(runtime, result.model, test)).toBeGreaterThan(0.8)
  })

  it('starts the rest at random where asked, keeping the reused blocks', async () => {
    const settings = { rest: 'afresh', learningRate: 1e-9, validation: 0 }
    const result = await tune(request(runtime, model, { reuse: 1, settings, epochs: 1 }))
    for (const name of FIRST) expect(weights(result.model, name), name).toEqual(weights(model, name))
    const fresh = weights(result.model, 'fc2.weight') as Float32Array
    const deviation = Math.sqrt(fresh.reduce((sum, value) => sum + value * value, 0) / fresh.length)
    expect(deviation / Math.sqrt(2 / 32)).toBeGreaterThan(0.8)
    expect(deviation / Math.sqrt(2 / 32)).toBeLessThan(1.2)
    expect((weights(result.model, 'head.weight') as Float32Array).every((value) => Math.abs(value) < 1e-6)).toBe(true)
    expect(weights(result.start, 'fc2.weight')).toEqual(weights(model, 'fc2.weight'))
    const trained = await tune(
      request(runtime, model, {
        training: taskRows('new', 150),
        reuse: 1,
        settings: { rest: 'afresh', learningRate: 0.02 },
        epochs: 20,
      }),
    )
    expect(trained.validation.start).toBeNull()
    expect(await accuracyOn(runtime, trained.model, test)).toBeGreaterThan(0.7)
  })

  it('takes rows that are given for validation, and trains on all others', async () => {
    const result = await tune(request(runtime, model, { validation: taskRows('new', 100, 3), epochs: 2 }))
    expect(result.validation.rows).toBe(100)
    expect(result.refitted).toBe(false)
    const share = result.epochs[0]!.validationAccuracy! * 100
    expect(share).toBeCloseTo(Math.round(share), 9)
    const none = await tune(request(runtime, model, { settings: { validation: 0 }, epochs: 2 }))
    expect(none.validation).toEqual({ rows: 0, accuracy: null, start: null })
    expect(none.epoch).toBe(2)
    expect(none.epochs[1]!.validationAccuracy).toBeNull()
  })

  it('works from one row of each class', async () => {
    const { inputs } = taskRows('new', 3)
    const training = { rows: 3, labels: Int32Array.of(0, 1, 2), fetch: async () => inputs }
    const result = await tune(request(runtime, model, { training, strategy: 'head', epochs: 1 }))
    expect(result.head).toEqual({ c: 1, accuracy: null })
    expect(result.validation).toEqual({ rows: 0, accuracy: null, start: null })
    expect(await accuracyOn(runtime, result.start, { ...taskRows('new', 3), labels: training.labels })).toBe(1)
  })
})

describe('every strategy', () => {
  for (const { id, needs = {} } of strategies.filter(({ needs }) => !needs?.batchNormalisation)) {
    it(`${id} gives a network that knows the new classes`, async () => {
      const oldTask = needs.oldTask ? taskRows('old', 100, 5) : undefined
      const result = await tune(request(runtime, model, { strategy: id, oldTask, epochs: 3 }))
      expect(await accuracyOn(runtime, result.model, test)).toBeGreaterThan(0.8)
      expect(result.epochs.every(({ loss }) => Number.isFinite(loss))).toBe(true)
    })
  }
})
