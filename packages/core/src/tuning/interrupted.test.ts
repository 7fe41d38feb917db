import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Model } from '../onnx/index.ts'
import { nodeRuntime, type Runtime } from '../runtime/index.ts'
import type { CheckpointStore } from '../training/index.ts'
import { tune } from './tune.ts'
import type { TuneRequest } from './tune-request.ts'
import { pretrained, request, taskRows } from './tuning-problem.ts'

let runtime: Runtime
let model: Model
beforeAll(async () => {
  runtime = await nodeRuntime({ threads: 1 })
  model = await pretrained(runtime)
})
afterAll(() => runtime.release())

/** Checkpoints in memory, the newest first, by the name of the training. */
function memory(): (training: string) => Promise<CheckpointStore> {
  const all = new Map<string, Uint8Array[]>()
  return async (training) => {
    const kept = all.get(training) ?? []
    all.set(training, kept)
    return {
      list: async () => kept.map((bytes, i) => ({ name: `${training} ${i}`, read: async () => bytes })),
      write: async (bytes) => void kept.unshift(bytes),
    }
  }
}

/** A call that is interrupted once `stop` says so, and one that goes on from its checkpoints. */
async function inTwo(change: Partial<TuneRequest>, stop: (what: string, step: number) => boolean) {
  const controller = new AbortController()
  const checkpoints = memory()
  const onProgress = (what: string, done: number) => {
    if (stop(what, done)) controller.abort()
  }
  const first = await tune(
    request(runtime, model, { ...change, checkpoints, signal: controller.signal, hooks: { onProgress } }),
  )
  return { first, second: await tune(request(runtime, model, { ...change, checkpoints })) }
}

const weightsOf = ({ graph }: Model) =>
  Object.fromEntries([...graph.initializers].map(([name, { data }]) => [name, data]))
const untimed = (epochs: readonly { readonly epoch: number }[]) => epochs.map((epoch) => ({ ...epoch, seconds: null }))

describe('tuning that is interrupted', () => {
  it('keeps the best so far, and goes on to the weights of one that never stopped', async () => {
    const change = { reuse: 1, epochs: 5, training: taskRows('new', 100) }
    const whole = await tune(request(runtime, model, change))
    // 80 rows in batches of 16: the second step of the third epoch.
    const { first, second } = await inTwo(change, (what, step) => what === 'tuning' && step === 12)
    expect(whole.refitted).toBe(true)
    expect(first).toMatchObject({ aborted: true, refitted: false })
    expect(untimed(first.epochs)).toEqual(untimed(whole.epochs.slice(0, 2)))
    expect([0, 2]).toContain(first.epoch)
    // Of 20 rows, two that only the start has right are no reason to go back to it.
    expect(first.validation.accuracy).toBeGreaterThanOrEqual(first.validation.start! - 2 / 20)
    expect(second.aborted).toBe(false)
    expect(untimed(second.epochs)).toEqual(untimed(whole.epochs))
    expect(second.epochs.map(({ seconds }) => seconds === null)).toEqual([true, true, false, false, false])
    expect(weightsOf(second.model)).toEqual(weightsOf(whole.model))
  })

  it('goes on in the phase of a strategy that it was in', async () => {
    const change = { strategy: 'gradual', epochs: 6, training: taskRows('new', 100), settings: { validation: 0 } }
    const whole = await tune(request(runtime, model, change))
    let steps = 0
    const { first, second } = await inTwo(change, (what) => what === 'tuning' && ++steps === 15)
    expect(first.aborted).toBe(true)
    expect(first.epochs.length).toBeLessThan(whole.epochs.length)
    expect(first.epochs.length).toBeGreaterThan(1)
    expect(weightsOf(second.model)).toEqual(weightsOf(whole.model))
  })

  it('keeps the weights that the held-out rows chose where the second training on all rows is broken off', async () => {
    const change = { epochs: 4, training: taskRows('new', 100), settings: { learningRate: 0.01, headStart: 'zero' } }
    const whole = await tune(request(runtime, model, change))
    const held = await tune(request(runtime, model, { ...change, settings: { ...change.settings, refit: false } }))
    expect(held.epoch).toBeGreaterThan(0)
    const { first, second } = await inTwo(change, (what, step) => what === 'refit' && step === 1)
    expect(first).toMatchObject({ aborted: true, refitted: false, epoch: held.epoch })
    expect(weightsOf(first.model)).toEqual(weightsOf(held.model))
    expect(second.refitted).toBe(true)
    expect(weightsOf(second.model)).toEqual(weightsOf(whole.model))
  })

  it('keeps the head on fixed features where depths were being compared', async () => {
    const change = { reuse: 'auto' as const, training: taskRows('new', 100) }
    const { first, second } = await inTwo(change, (what) => what === 'depth 1')
    expect(first).toMatchObject({ aborted: true, epoch: 0, epochs: [] })
    expect(first.depth).toEqual({
      reuse: 2,
      trials: [],
      why: 'keeps all 2 blocks: interrupted while depths were compared',
    })
    expect(weightsOf(first.model)).toEqual(weightsOf(first.start))
    expect(second.depth.trials.length).toBeGreaterThan(1)
  })

  it('ends with an AbortError where there is nothing to keep yet', async () => {
    const signal = AbortSignal.abort()
    await expect(tune(request(runtime, model, { signal }))).rejects.toMatchObject({ name: 'AbortError' })
  })

  it('does not go on with other settings', async () => {
    const controller = new AbortController()
    const checkpoints = memory()
    const onEpoch = () => controller.abort()
    await tune(request(runtime, model, { checkpoints, signal: controller.signal, hooks: { onEpoch } }))
    const settings = { learningRate: 0.002, batchSize: 16 }
    await expect(tune(request(runtime, model, { checkpoints, settings }))).rejects.toThrow(
      /belongs to another training/,
    )
  })
})
