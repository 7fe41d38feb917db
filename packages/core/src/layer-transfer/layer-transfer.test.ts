import { afterAll, describe, expect, it } from 'vitest'
import { mlp } from '../networks/index.ts'
import type { Model } from '../onnx/index.ts'
import { nodeRuntime } from '../runtime/index.ts'
import { seededRandom } from '../tensor/index.ts'
import { type LayerTransferOptions, layerTransfer, type TransferRun } from './index.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

/** Five classes around points on a circle, in six dimensions. */
function circles(rows: number) {
  const random = seededRandom(5)
  const labels = Int32Array.from({ length: rows }, (_, row) => row % 5)
  const data = Float32Array.from({ length: rows * 6 }, (_, k) => {
    const angle = (labels[Math.floor(k / 6)]! * 2 * Math.PI) / 5
    return Math.sin(angle + (k % 6)) + 0.3 * random.normal()
  })
  return { inputs: { type: 'float32' as const, dims: [rows, 6], data }, labels, classes: 5 }
}

const options: LayerTransferOptions = {
  data: circles(120),
  network: (classes, random) => mlp({ inputs: 6, hidden: [8, 7], classes, random }),
  repetitions: 2,
  epochs: 2,
  batchSize: 16,
  learningRate: 0.01,
}

/** The bits of a layer's weights and biases. */
const layer = (model: Model, name: string) =>
  ['weight', 'bias'].map((kind) => {
    const { buffer, byteOffset, length } = model.graph.initializers.get(`${name}.${kind}`)!.data as Float32Array
    return [...new Uint32Array(buffer, byteOffset, length)]
  })

/** Runs the experiment and keeps every network. */
async function experiment(changes: Partial<LayerTransferOptions> = {}) {
  const models = new Map<string, Model>()
  const onRun = (run: TransferRun, model: Model) => void models.set(`${run.repetition} ${run.name}`, model)
  const result = await layerTransfer(runtime, { ...options, onRun, ...changes })
  return { result, models }
}

const whole = await experiment()

describe('layerTransfer', () => {
  it('trains two bases and five networks for every cut, in each repetition', () => {
    const { result } = whole
    expect(result.layers).toEqual(['fc1', 'fc2', 'fc3'])
    const names = ['B1B', 'B1B+', 'A1B', 'A1B+', 'R1B', 'B2B', 'B2B+', 'A2B', 'A2B+', 'R2B']
    const once = ['baseA', 'baseB', ...names]
    expect(result.runs.map(({ repetition, name }) => `${repetition} ${name}`)).toEqual(
      [0, 1].flatMap((r) => once.map((name) => `${r} ${name}`)),
    )
    expect(result.splits.length).toBe(2)
    expect(result.planned).toBe(24)
    for (const { a, b } of result.splits) expect([...a, ...b].sort()).toEqual([0, 1, 2, 3, 4])
  })

  it('leaves frozen layers as they were in the network they come from, bit for bit, and trains the others', () => {
    const of = (name: string) => whole.models.get(`0 ${name}`)!
    for (const [from, base] of [
      ['A', 'baseA'],
      ['B', 'baseB'],
    ] as const) {
      expect(layer(of(`${from}1B`), 'fc1')).toEqual(layer(of(base), 'fc1'))
      expect(layer(of(`${from}2B`), 'fc1')).toEqual(layer(of(base), 'fc1'))
      expect(layer(of(`${from}2B`), 'fc2')).toEqual(layer(of(base), 'fc2'))
      expect(layer(of(`${from}1B`), 'fc2')).not.toEqual(layer(of(base), 'fc2'))
      expect(layer(of(`${from}2B+`), 'fc1')).not.toEqual(layer(of(base), 'fc1'))
    }
    expect(layer(of('R1B'), 'fc1')).toEqual(layer(of('R2B'), 'fc1'))
    for (const base of ['baseA', 'baseB']) expect(layer(of('R1B'), 'fc1')).not.toEqual(layer(of(base), 'fc1'))
  })

  it('gives the same for the same seed, and something else for another', async () => {
    const again = await experiment()
    expect(again.result).toEqual(whole.result)
    const other = await experiment({ seed: 1, repetitions: 1, cuts: [1], treatments: ['transfer'] })
    expect(other.result.runs.map(({ name }) => name)).toEqual(['baseA', 'baseB', 'A1B'])
    expect(other.result.runs[0]!.loss).not.toBe(whole.result.runs[0]!.loss)
  })

  it('takes tasks as they are given, of unlike numbers of classes', async () => {
    const split = { a: [0, 1], b: [4, 2, 3] }
    const { result, models } = await experiment({ split, repetitions: 1, cuts: [2], treatments: ['transfer'] })
    expect(result.splits).toEqual([split])
    const biases = (name: string) => models.get(`0 ${name}`)!.graph.initializers.get('fc3.bias')!.dims
    expect([biases('baseA'), biases('A2B')]).toEqual([[2], [3]])
  })

  it.each([true, false])('goes on after an interruption as if there had been none (bases kept: %s)', async (keeps) => {
    const stop = new AbortController()
    const finished: TransferRun[] = []
    const kept = new Map<string, Model>()
    const bases = {
      read: async (r: number, task: 'A' | 'B') => kept.get(`${r} ${task}`),
      write: async (r: number, task: 'A' | 'B', model: Model) => void kept.set(`${r} ${task}`, model),
    }
    const onRun = (run: TransferRun) => {
      finished.push(run)
      if (run.repetition === 1 && run.name === 'A1B') stop.abort()
    }
    const hooks = keeps ? { bases } : {}
    const cut = await layerTransfer(runtime, { ...options, ...hooks, onRun, signal: stop.signal })
    expect(cut.stopped).toBe('aborted')
    expect(cut.runs).toEqual(whole.result.runs.slice(0, 17))
    expect(finished).toEqual(cut.runs)
    const repeated: string[] = []
    const resumed = await layerTransfer(runtime, {
      ...options,
      ...hooks,
      finished,
      onRun: ({ repetition, name }) => void repeated.push(`${repetition} ${name}`),
    })
    expect(resumed).toEqual(whole.result)
    expect(repeated.slice(0, keeps ? 1 : 3)).toEqual(keeps ? ['1 A1B+'] : ['1 baseA', '1 baseB', '1 A1B+'])
    expect(repeated.length).toBe(keeps ? 7 : 9)
  })

  it('stops within a run, of which nothing is kept', async () => {
    const stop = new AbortController()
    const told: number[] = []
    const onProgress = (_: string, done: number) => {
      told.push(done)
      if (done > 1) stop.abort()
    }
    const { runs, stopped } = await layerTransfer(runtime, { ...options, onProgress, signal: stop.signal })
    expect([runs.length, stopped]).toEqual([1, 'aborted'])
    expect(told).toEqual([0.5, 1, 1.5])
  })
})

describe('wrong calls are refused with a reason', () => {
  const { data } = options
  const cases: Record<string, [changes: Partial<LayerTransferOptions>, message: RegExp]> = {
    'too few labels': [{ data: { ...data, labels: data.labels.slice(1) } }, /120 rows and 119 labels/],
    'a class beyond the number of classes': [{ data: { ...data, classes: 4 } }, /a label 4, but 4 classes/],
    'too few classes': [{ data: { ...data, classes: 3, labels: data.labels.map((c) => c % 3) } }, /need four classes/],
    'a class in both tasks': [{ split: { a: [0, 1], b: [1, 2] } }, /class 1 twice/],
    'an unknown class': [{ split: { a: [0, 1], b: [2, 7] } }, /names class 7 of 5/],
    'one class in a task': [{ split: { a: [0], b: [1, 2] } }, /got 1 in A and 2 in B/],
    'a cut after the classifier': [{ cuts: [3] }, /from 1 to 2, the layers before the last, got 3/],
    'no repetition': [{ repetitions: 0 }, /repetitions are/],
    'everything held out': [{ heldOut: 1 }, /between 0 and 1, got 1/],
    'one layer': [{ network: (classes, random) => mlp({ inputs: 6, hidden: [], classes, random }) }, /has one layer/],
  }
  it.each(Object.entries(cases))('%s', async (_, [changes, message]) => {
    await expect(layerTransfer(runtime, { ...options, ...changes })).rejects.toThrow(message)
  })
})
