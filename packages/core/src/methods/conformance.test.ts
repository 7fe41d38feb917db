import { afterAll, describe, expect, it } from 'vitest'
import { UNLABELLED } from '../data/index.ts'
import { writeModel } from '../onnx/index.ts'
import { nodeRuntime } from '../runtime/index.ts'
import { type Matrix, matrix, rowOf, seededRandom, takeRows } from '../tensor/index.ts'
import { largestDifference } from '../testing/matrices.ts'
import { type AdaptRequest, adapt } from './adapt.ts'
import { methods } from './catalogue.ts'

/** What every method owes its user, whatever it does: one suite over the whole catalogue. */
const runtime = await nodeRuntime()
afterAll(() => runtime.release())

const CLASSES = ['cat', 'dog', '7']

/** Three Gaussian classes in `d` dimensions, the target turned and shifted. */
function twoMoonsApart(rows: number, d: number, shift: number, seed: number): { features: Matrix; labels: Int32Array } {
  const random = seededRandom(seed)
  const features = matrix(rows, d)
  const labels = Int32Array.from({ length: rows }, () => random.integer(3))
  for (let i = 0; i < rows; i++) {
    const row = rowOf(features, i)
    for (let j = 0; j < d; j++) row[j] = random.normal() + (j === labels[i] ? 4 : 0) + shift * (j + 1) * 0.3
    row[0] = row[0]! + shift * row[Math.min(1, d - 1)]!
  }
  return { features, labels }
}

const source = { name: 'source', ...twoMoonsApart(60, 5, 0, 1) }
const target = { name: 'target', ...twoMoonsApart(45, 5, 0.6, 2) }
const labelled = { name: 'target', ...twoMoonsApart(9, 5, 0.6, 3) }

/** A request that method `id` can work with. */
function requestFor(id: string, changes: Partial<AdaptRequest> = {}): AdaptRequest {
  const { needs, network } = methods.find((method) => method.id === id)!
  const needsLabels = needs.targetLabels === 'some'
  return {
    task: { kind: 'classification', classes: CLASSES },
    sources: [source],
    target: { name: target.name, features: target.features },
    ...(needsLabels ? { labelledTarget: labelled } : {}),
    method: id,
    // A few rows are learnt in fewer epochs and larger steps than networks are trained by default.
    ...(network && { options: { epochs: 8, learningRate: 0.01 } }),
    runtime,
    ...changes,
  }
}

const accuracyOf = (predicted: Int32Array, truth: Int32Array): number =>
  predicted.reduce((right, label, i) => right + (label === truth[i] ? 1 : 0), 0) / truth.length

const classifying = methods.filter(({ needs }) => needs.task !== 'regression')

describe.each(classifying.map((method) => method.id))('method %s', (id) => {
  const method = methods.find((candidate) => candidate.id === id)!

  it('is described: name, summary, cost, paper, and a sentence for every setting', () => {
    expect(method.name.length).toBeGreaterThan(3)
    expect(method.summary).toMatch(/\.$/)
    expect(method.cost.length).toBeGreaterThan(3)
    if (method.family !== 'baseline') expect(method.paper?.year).toBeGreaterThan(1900)
    for (const option of Object.values(method.options.shape)) expect(option.description?.length).toBeGreaterThan(10)
    expect(() => method.options.parse({})).not.toThrow()
  })

  it('predicts better than chance on a task that it can do', async () => {
    const { predicted } = await adapt(requestFor(id))
    expect(accuracyOf(predicted, target.labels)).toBeGreaterThan(0.6)
  })

  it('gives the same bits for the same seed', async () => {
    const first = await adapt(requestFor(id, { seed: 5 }))
    const second = await adapt(requestFor(id, { seed: 5 }))
    expect(second.probabilities).toEqual(first.probabilities)
    expect(second.after).toEqual(first.after)
    expect(writeModel(second.model)).toEqual(writeModel(first.model))
  })

  it('refuses, with the estimate, what would not fit, where its memory grows with the square of the rows', async () => {
    if (method.needs.memory === 'quadratic') {
      await expect(adapt(requestFor(id, { memoryLimit: 2000 }))).rejects.toThrow(/would take .* GB/)
    }
    if (method.needs.memory === 'linear') await adapt(requestFor(id, { memoryLimit: 10_000 }))
  })

  it('changes none of its inputs', async () => {
    const request = requestFor(id, { labelledTarget: labelled })
    const copy = structuredClone([request.sources, request.target, request.labelledTarget])
    await adapt(request)
    expect([request.sources, request.target, request.labelledTarget]).toEqual(copy)
  })

  it('keeps the order of rows: target rows given in another order get the same predictions', async () => {
    const straight = await adapt(requestFor(id))
    const order = seededRandom(9).permutation(45)
    const turned = await adapt(
      requestFor(id, { target: { name: 'target', features: takeRows(target.features, order) } }),
    )
    const expected = Array.from(order, (i) => straight.predicted[i]!)
    expect([...turned.predicted]).toEqual(expected)
    expect(turned.before.source.rows).toBe(60)
    expect(turned.after.source.rows).toBe(60)
    expect(turned.after.target.rows).toBe(45)
  })

  it('never sees the target’s labels: a request has no place for them', async () => {
    const request = requestFor(id)
    const smuggled = { ...request, target: { ...request.target, labels: target.labels } }
    const scrambled = { ...request, target: { ...request.target, labels: target.labels.toReversed() } }
    const [a, b, without] = [await adapt(smuggled), await adapt(scrambled), await adapt(request)]
    expect(a.probabilities).toEqual(without.probabilities)
    expect(b.probabilities).toEqual(without.probabilities)
  })

  it('writes an ONNX file that agrees with its own predictions', async () => {
    for (const scale of ['zscore', 'minmax', 'l2'] as const) {
      const exact = (m: Matrix): Matrix => matrix(m.rows, m.columns, m.data.map(Math.fround))
      const request = requestFor(id, { scale, target: { name: 'target', features: exact(target.features) } })
      const result = await adapt(request)
      const input = Float32Array.from(request.target.features.data)
      const file = await runtime.runFile(writeModel(result.model), {
        features: { type: 'float32', dims: [45, 5], data: input },
      })
      expect(file.label!.data).toEqual(Array.from(result.predicted, (label) => result.classes[label]!))
      expect(file.probabilities!.dims).toEqual([45, result.classes.length])
      expect(file.embedding!.dims).toEqual([45, result.after.target.columns])
      const written = file.embedding!.data as Float32Array
      expect(largestDifference(written, result.after.target.data)).toBeLessThan(1e-5)
      expect(result.classes.slice(0, 3)).toEqual(CLASSES)
      expect(result.model.metadata['graft.classes']).toBe(JSON.stringify(result.classes))
      expect(result.model.metadata['graft.method']).toBe(id)
    }
  })

  it('gives a class without rows no probability, and a class of a single row its place', async () => {
    const labels = source.labels.map((label) => (label === 2 ? 0 : label))
    const two = await adapt(requestFor(id, { sources: [{ ...source, labels }], ...onlyTwoClasses(id) }))
    for (let i = 0; i < 45; i++) expect(rowOf(two.probabilities, i)[2]).toBe(0)
    let seen = 0
    const single = source.labels.map((label) => (label === 2 && seen++ > 0 ? 1 : label))
    const result = await adapt(requestFor(id, { sources: [{ ...source, labels: single }] }))
    expect(result.probabilities.data.every(Number.isFinite)).toBe(true)
  })

  it('takes unlabelled source rows, labelled target rows and several sources', async () => {
    const labels = source.labels.map((label, i) => (i % 3 === 0 ? UNLABELLED : label))
    const result = await adapt(
      requestFor(id, {
        sources: [
          { ...source, labels },
          { name: 'more', ...twoMoonsApart(20, 5, 0.2, 4) },
        ],
        labelledTarget: labelled,
      }),
    )
    expect(result.after.source.rows).toBe(80)
    expect(accuracyOf(result.predicted, target.labels)).toBeGreaterThan(0.6)
  })

  it.each([
    ['n < d', 8, 30],
    ['one feature', 20, 1],
    ['two rows', 2, 3],
  ])('works with %s', async (_, rows, d) => {
    const small = twoMoonsApart(rows, d, 0, 5)
    small.labels.set([0, 1])
    const request = requestFor(id, {
      sources: [{ name: 's', ...small }],
      target: { name: 't', features: twoMoonsApart(rows, d, 0.5, 6).features },
      ...(method.needs.targetLabels === 'some' ? { labelledTarget: { name: 't', ...small } } : {}),
    })
    const { probabilities } = await adapt(request)
    expect(probabilities.rows).toBe(rows)
    for (let i = 0; i < rows; i++) expect(rowOf(probabilities, i).reduce((a, b) => a + b)).toBeCloseTo(1, 6)
  })

  it('works with constant and duplicated features, and with rows that are all equal', async () => {
    const widen = (m: Matrix): Matrix => {
      const result = matrix(m.rows, m.columns * 2 + 1)
      for (let i = 0; i < m.rows; i++) rowOf(result, i).set([...rowOf(m, i), ...rowOf(m, i), 42])
      return result
    }
    const wide = await adapt(
      requestFor(id, {
        sources: [{ ...source, features: widen(source.features) }],
        target: { name: 't', features: widen(target.features) },
        ...(method.needs.targetLabels === 'some'
          ? { labelledTarget: { ...labelled, features: widen(labelled.features) } }
          : {}),
      }),
    )
    expect(wide.probabilities.data.every(Number.isFinite)).toBe(true)
    const flat = await adapt(
      requestFor(id, {
        sources: [{ ...source, features: matrix(60, 5) }],
        target: { name: 't', features: matrix(45, 5) },
      }),
    )
    expect(flat.probabilities.data.every(Number.isFinite)).toBe(true)
  })
})

/** Labelled target rows without class 2, for a method that cannot do without them. */
function onlyTwoClasses(id: string): Partial<AdaptRequest> {
  if (methods.find((method) => method.id === id)?.needs.targetLabels !== 'some') return {}
  return { labelledTarget: { ...labelled, labels: labelled.labels.map((label) => (label === 2 ? 0 : label)) } }
}
