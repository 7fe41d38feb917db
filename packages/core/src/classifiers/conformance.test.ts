import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { buildWithConstants, graphBuilder } from '../onnx/index.ts'
import { applyStages, nodeRuntime, type Runtime } from '../runtime/index.ts'
import { type Matrix, matrix, matrixTensor, rowOf, seededRandom, tensorMatrix } from '../tensor/index.ts'
import { classifiers, findClassifier } from './catalogue.ts'
import type { TrainingSet } from './classifier.ts'

let runtime: Runtime
beforeAll(async () => {
  runtime = await nodeRuntime()
})
afterAll(() => runtime.release())

/** Three classes around centres that are far apart. */
function sample(rows: number, columns: number, seed = 1): TrainingSet {
  const random = seededRandom(seed)
  const labels = Int32Array.from({ length: rows }, (_, i) => i % 3)
  const features = matrix(rows, columns)
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      features.data[i * columns + j] = 4 * Math.cos(2 * labels[i] + j) + 0.5 * random.normal()
    }
  }
  return { features, labels, classes: 3 }
}

const variants = [
  ...classifiers.map(({ id }) => [id, {}] as const),
  ['nearest-neighbour', { k: 4 }] as const,
  ['nearest-neighbour', { metric: 'cosine' }] as const,
  ['prototypes', { metric: 'cosine' }] as const,
  ['nearest-class-mean', { centre: 'rows' }] as const,
]

async function fit(id: string, options: object, set: TrainingSet) {
  const classifier = findClassifier(id)
  return classifier.fit(set, classifier.options.parse(options), { runtime, random: seededRandom(0) })
}

const predict = async (id: string, options: object, set: TrainingSet, x: Matrix) =>
  applyStages(runtime, [await fit(id, options, set)], x)

const winners = (p: Matrix) =>
  Array.from({ length: p.rows }, (_, i) => rowOf(p, i).reduce((best, v, c, row) => (v > row[best] ? c : best), 0))

function expectProbabilities(p: Matrix, rows: number, classes: number): void {
  expect([p.rows, p.columns]).toEqual([rows, classes])
  for (let i = 0; i < rows; i++) {
    for (const value of rowOf(p, i)) expect(value).toBeGreaterThanOrEqual(0)
    expect(rowOf(p, i).reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12)
  }
}

describe.each(variants)('%s %o', (id, options) => {
  test('finds separate classes, twice the same bit for bit, and leaves its inputs alone', async () => {
    const set = { ...sample(60, 5), sampleWeights: Float64Array.from({ length: 60 }, (_, i) => 1 + (i % 2)) }
    const copy = structuredClone(set)
    const fresh = sample(31, 5, 2)
    const first = await predict(id, options, set, fresh.features)
    expectProbabilities(first, 31, 3)
    expect(winners(first)).toEqual([...fresh.labels])
    expect(await predict(id, options, set, fresh.features)).toEqual(first)
    expect(set).toEqual(copy)
  })

  test('one feature, fewer rows than features, constant and duplicated features', async () => {
    const narrow = { ...sample(30, 1), classes: 3 }
    expectProbabilities(await predict(id, options, narrow, narrow.features), 30, 3)
    const wide = sample(9, 40)
    expect(winners(await predict(id, options, wide, wide.features))).toEqual([...wide.labels])
    const set = sample(30, 6)
    for (let i = 0; i < 30; i++) {
      const row = rowOf(set.features, i)
      row[4] = 7
      row[5] = row[0]
    }
    expect(winners(await predict(id, options, set, set.features))).toEqual([...set.labels])
  })

  test('classes without rows have probability 0, a single class has 1', async () => {
    const { features, labels } = sample(30, 4)
    const gaps = { features, labels: labels.map((label) => [1, 3, 4][label]), classes: 6 }
    const p = await predict(id, options, gaps, features)
    expectProbabilities(p, 30, 6)
    for (let i = 0; i < 30; i++) for (const absent of [0, 2, 5]) expect(p.data[i * 6 + absent]).toBe(0)
    expect(winners(p)).toEqual([...gaps.labels])
    const single = await predict(id, options, { features, labels: new Int32Array(30).fill(1), classes: 3 }, features)
    for (let i = 0; i < 30; i++) expect([...rowOf(single, i)]).toEqual([0, 1, 0])
  })

  test('a row of weight zero might as well not be there', async () => {
    const set = sample(33, 3)
    const part = { ...sample(30, 3), features: matrix(30, 3, set.features.data.slice(0, 90)) }
    const sampleWeights = Float64Array.from({ length: 33 }, (_, i) => (i < 30 ? 1 : 0))
    const p = await predict(id, options, { ...set, sampleWeights }, set.features)
    expect(p).toEqual(await predict(id, options, part, set.features))
  })

  test('class weights may be balanced', async () => {
    const set = sample(30, 3)
    const p = await predict(id, { ...options, classWeights: 'balanced' }, set, set.features)
    expect(winners(p)).toEqual([...set.labels])
  })

  test('the graph with its numbers inside gives the same, and depends on the kind alone', async () => {
    const set = sample(30, 4)
    const stage = await fit(id, options, set)
    const x = sample(12, 4, 3).features
    const graph = graphBuilder()
    const y = buildWithConstants(stage, graph, graph.input('x', 'float64', ['n', 4]), 'classifier')
    graph.output('y', y, 'float64', ['n', 3])
    const outputs = await runtime.run(graph.model(), { x: matrixTensor(x) })
    expect(tensorMatrix(outputs.y)).toEqual(await applyStages(runtime, [stage], x))
    const shapes = [sample(12, 7), { ...sample(3, 2), labels: Int32Array.of(2, 2, 1) }]
    for (const other of shapes) expect((await fit(id, options, other)).kind).toBe(stage.kind)
  })
})

test('ids are unique, every setting has a default and a description', () => {
  expect(new Set(classifiers.map(({ id }) => id)).size).toBe(classifiers.length)
  for (const { options } of classifiers) {
    expect(Object.keys(options.parse({}))).toEqual(Object.keys(options.shape))
    for (const field of Object.values(options.shape))
      expect((field as { description?: string }).description).toBeTruthy()
  }
})

test('an unknown id is refused with the ids there are', () => {
  expect(() => findClassifier('knn')).toThrow('unknown classifier "knn": allowed are nearest-neighbour, logistic')
})
