import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { withParameters } from '../autodiff/index.ts'
import type { Model } from '../onnx/index.ts'
import { nodeRuntime, type Runtime } from '../runtime/index.ts'
import { seededRandom, type Tensor } from '../tensor/index.ts'
import { tune } from './tune.ts'
import type { TuneRequest } from './tune-request.ts'
import { accuracyOn, pretrained, request, taskRows } from './tuning-problem.ts'

let runtime: Runtime
let model: Model
beforeAll(async () => {
  runtime = await nodeRuntime({ threads: 1 })
  model = await pretrained(runtime)
})
afterAll(() => runtime.release())

const test = taskRows('new', 600, 7)

describe('what runs once', () => {
  it('is the kept part, for each row and view', async () => {
    const rows = taskRows('new', 60)
    const asked: number[] = []
    const training = { ...rows, fetch: rows.fetch, outputs: undefined }
    const counting = {
      ...training,
      fetch: async (chosen: Int32Array, view: number): Promise<Tensor> => {
        for (const row of chosen) asked.push(view * 1000 + row)
        return rows.fetch(chosen, view)
      },
    }
    const { outputs: _, ...source } = counting
    const head = await tune(request(runtime, model, { training: source, strategy: 'head', epochs: 5 }))
    expect(head.epochs).toHaveLength(5)
    expect(asked.sort((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, row) => row))
    asked.length = 0
    const settings = { views: 2, batchSize: 16 }
    await tune(request(runtime, model, { training: source, reuse: 1, augmented: true, settings, epochs: 5 }))
    const views = asked.map((key) => Math.floor(key / 1000))
    // Once for the features of the head; once as they are, for validation, and once for each of the two views.
    expect([0, 1, 2].map((view) => views.filter((each) => each === view).length)).toEqual([120, 60, 60])
  })

  it('is nothing where all is trained: every epoch then has a view of its own', async () => {
    const rows = taskRows('new', 60)
    const views = new Set<number>()
    const fetch = async (chosen: Int32Array, view: number): Promise<Tensor> => {
      views.add(view)
      return rows.fetch(chosen, view)
    }
    const training = { rows: 60, labels: rows.labels, fetch }
    await tune(request(runtime, model, { training, augmented: true, epochs: 4 }))
    expect([...views].sort()).toEqual([0, 1, 2, 3, 4])
    views.clear()
    await tune(request(runtime, model, { training, epochs: 4 }))
    expect([...views]).toEqual([0])
  })
})

describe('labels', () => {
  it('are smoothed where trained blocks see random views, and nowhere else', async () => {
    const smoothing = async (change: Partial<TuneRequest>) =>
      (await tune(request(runtime, model, { epochs: 2, ...change }))).facts.labelSmoothing
    expect(await smoothing({ augmented: true })).toBe(0.1)
    expect(await smoothing({ augmented: true, reuse: 1 })).toBe(0.1)
    expect(await smoothing({ augmented: true, reuse: 1, settings: { views: 0 } })).toBeUndefined()
    expect(await smoothing({ augmented: true, strategy: 'head' })).toBeUndefined()
    expect(await smoothing({})).toBeUndefined()
    const asked = { augmented: true, settings: { labelSmoothing: 0 } }
    expect(await smoothing(asked)).toBeUndefined()
    const last = async (change: Partial<TuneRequest>) =>
      (await tune(request(runtime, model, { epochs: 2, ...change }))).epochs[1]!.loss
    expect(await last({ augmented: true })).toBeGreaterThan(await last(asked))
  })
})

describe('the depth that "auto" finds', () => {
  it('is the whole network where its last features tell the new classes apart', async () => {
    const settings = { rest: 'afresh', learningRate: 0.02, batchSize: 16 }
    const { depth } = await tune(request(runtime, model, { reuse: 'auto', settings, epochs: 16 }))
    expect(depth.reuse).toBe(2)
    expect(depth.trials.map(({ reuse, epochs }) => [reuse, epochs])).toEqual([
      [2, 4],
      [1, 4],
      [0, 4],
    ])
    expect(depth.why).toMatch(/^keeping 2 of 2 blocks got \d+\.\d% of 12 held-out rows right/)
  })

  it('leaves out a block that spoils them', async () => {
    const random = seededRandom(1)
    const flat = Float32Array.from({ length: 16 * 32 }, () => 1e-3 * random.normal())
    const spoiled = withParameters(model, {
      'fc2.weight': { type: 'float32', dims: [16, 32], data: flat },
      'fc2.bias': { type: 'float32', dims: [16], data: new Float32Array(16).fill(-1) },
    })
    const settings = { rest: 'afresh', learningRate: 0.02, batchSize: 16 }
    const training = taskRows('new', 150)
    const result = await tune(request(runtime, spoiled, { reuse: 'auto', training, settings, epochs: 32 }))
    expect(result.depth.reuse).toBe(1)
    const [all, one] = result.depth.trials
    expect(one!.accuracy).toBeGreaterThan(all!.accuracy + 0.2)
    expect(result.depth.why).toMatch(/^keeping 1 of 2 blocks got .* \(others: 2: /)
    expect(await accuracyOn(runtime, result.model, test)).toBeGreaterThan(0.8)
  })

  it('is the whole network where there are too few rows to compare', async () => {
    const training = taskRows('new', 9)
    const { depth } = await tune(request(runtime, model, { reuse: 'auto', training, epochs: 1 }))
    expect(depth).toEqual({
      reuse: 2,
      trials: [],
      why: 'keeps all 2 blocks: 9 rows are too few to hold some out and compare depths',
    })
  })
})

it('measures on the old head what was forgotten', async () => {
  const oldTask = taskRows('old', 400, 5)
  const kept = await tune(request(runtime, model, { strategy: 'head', oldTask }))
  expect(kept.forgetting).toEqual({
    rows: 400,
    before: await accuracyOn(runtime, model, oldTask),
    after: await accuracyOn(runtime, model, oldTask),
  })
  const settings = { learningRate: 0.05, validation: 0, blend: 1 }
  const lost = await tune(request(runtime, model, { oldTask, settings, epochs: 10 }))
  expect(lost.forgetting!.before).toBe(kept.forgetting!.before)
  expect(lost.forgetting!.after).toBeLessThan(lost.forgetting!.before - 0.05)
})
