import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../runtime/index.ts'
import { matrix, rowOf, seededRandom, takeRows } from '../../tensor/index.ts'
import { type AdaptRequest, adapt } from '../adapt.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

/** Three classes in six dimensions, all moved by `shift`; `apart` is how far the classes are from one another. */
function sample(name: string, rows: number, apart: number, shift: number, seed: number) {
  const random = seededRandom(seed)
  const features = matrix(rows, 6)
  const labels = Int32Array.from({ length: rows }, (_, i) => i % 3)
  for (let i = 0; i < rows; i++) {
    const row = rowOf(features, i)
    for (let j = 0; j < 6; j++) row[j] = random.normal() + (j === labels[i] ? apart : 0) + shift * j
  }
  return { name, features, labels }
}
const target = sample('t', 45, 3, 0.4, 2)
const request: AdaptRequest = {
  task: { kind: 'classification', classes: ['a', 'b', 'c'] },
  sources: [sample('s', 60, 3, 0, 1)],
  target: { name: 't', features: target.features },
  method: 'jda',
  options: { components: 4 },
  runtime,
}
const right = (predicted: Int32Array, labels: Int32Array): number =>
  predicted.filter((label, i) => label === labels[i]).length / labels.length

describe('jda', () => {
  it('stops where pseudo-labels no longer change: more rounds would give the same', async () => {
    const result = await adapt({ ...request, options: { components: 4, iterations: 100 } })
    const rounds = result.facts.rounds as number
    expect(rounds).toBeGreaterThan(1)
    expect(rounds).toBeLessThan(20)
    const exact = await adapt({ ...request, options: { components: 4, iterations: rounds } })
    expect(exact.predicted).toEqual(result.predicted)
    expect(exact.facts).toEqual(result.facts)
  })

  it('of one round is TCA with the same kernel', async () => {
    const settings = { components: 4, kernel: 'primal' }
    const jda = await adapt({ ...request, options: { ...settings, iterations: 1, marginalWeight: 1 } })
    const tca = await adapt({ ...request, method: 'tca', options: settings })
    expect(jda.probabilities).toEqual(tca.probabilities)
    expect(jda.facts).toEqual({ ...tca.facts, rounds: 1 })
  })

  it('learns from labelled target rows, in the classifier and in the terms of their classes', async () => {
    // The target's classes are those of the source in another order: only its own labels can tell.
    const turned = (labels: Int32Array) => labels.map((label) => (label + 1) % 3)
    const labelled = sample('t', 45, 3, 0.4, 3)
    const truth = turned(target.labels)
    const blind = await adapt(request)
    const told = await adapt({ ...request, labelledTarget: { ...labelled, labels: turned(labelled.labels) } })
    expect(right(blind.predicted, truth)).toBeLessThan(0.2)
    expect(right(told.predicted, truth)).toBeGreaterThan(right(blind.predicted, truth) + 0.2)
    expect(told.after.target.rows).toBe(45)
  })

  it('goes on where a class gets no pseudo-label', async () => {
    const kept = [...target.labels.keys()].filter((i) => target.labels[i] !== 2)
    const features = takeRows(target.features, kept)
    const result = await adapt({ ...request, target: { name: 't', features } })
    expect(result.probabilities.data.every(Number.isFinite)).toBe(true)
  })

  it('says how far it is', async () => {
    const seen: [number, number][] = []
    await adapt({ ...request, progress: (done, total) => seen.push([done, total]) })
    expect(seen.at(-1)).toEqual([10, 10])
    expect(seen.map(([done]) => done)).toEqual(seen.map(([done]) => done).toSorted((a, b) => a - b))
  })

  it('stops between rounds when it is told to', async () => {
    await expect(adapt({ ...request, signal: AbortSignal.abort() })).rejects.toThrow(/abort/i)
    const controller = new AbortController()
    let rounds = 0
    const stopped = adapt({
      ...request,
      signal: controller.signal,
      progress: () => {
        rounds++
        controller.abort()
      },
    })
    await expect(stopped).rejects.toThrow(/abort/i)
    expect(rounds).toBe(1)
  })
})
