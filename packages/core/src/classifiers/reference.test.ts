import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { applyStages, nodeRuntime, type Runtime } from '../runtime/index.ts'
import { matrixFromRows, seededRandom } from '../tensor/index.ts'
import { findClassifier } from './catalogue.ts'
// Made by scikit-learn 1.9.1; the file says with which settings.
import reference from './reference.json' with { type: 'json' }

let runtime: Runtime
beforeAll(async () => {
  runtime = await nodeRuntime()
})
afterAll(() => runtime.release())

const features = matrixFromRows(reference.x)
const labels = Int32Array.from(reference.y)
const binary = labels.map((label) => Math.min(label, 1))
const test6 = matrixFromRows(reference.test)

const settings = {
  logistic: ['logistic-regression', { c: 0.5 }],
  svm: ['linear-svm', { c: 0.5 }],
  ridge: ['ridge', { alpha: 2 }],
}
const cases = {
  multiclass: { labels, classes: 3 },
  weighted: { labels, classes: 3, sampleWeights: Float64Array.from(reference.weights) },
  balanced: { labels, classes: 3 },
  binary: { labels: binary, classes: 2 },
} as const

async function probabilities(id: string, options: object, name: keyof typeof cases) {
  const classifier = findClassifier(id)
  const classWeights = name === 'balanced' ? 'balanced' : 'none'
  const parsed = classifier.options.parse({ tolerance: 1e-10, ...options, classWeights })
  const stage = await classifier.fit({ features, ...cases[name] }, parsed, { runtime, random: seededRandom(0) })
  return applyStages(runtime, [stage], test6)
}

describe.each(Object.entries(settings))('%s agrees with scikit-learn', (name, [id, options]) => {
  test.each(Object.keys(cases) as (keyof typeof cases)[])('%s', async (which) => {
    const expected = reference.expected[which][name as keyof typeof settings].flat()
    const { data } = await probabilities(id as string, options as object, which)
    const worst = data.reduce((most, p, i) => Math.max(most, Math.abs(p - expected[i])), 0)
    expect(worst).toBeLessThan(2e-8)
  })
})

test('logistic regression has the coefficients and intercepts of scikit-learn', async () => {
  const classifier = findClassifier('logistic-regression')
  const options = classifier.options.parse({ c: 0.5, tolerance: 1e-10 })
  const { parameters } = await classifier.fit({ features, labels, classes: 3 }, options, {
    runtime,
    random: seededRandom(0),
  })
  reference.logisticCoefficients.flat().forEach((value, i) => {
    expect(parameters.weights.data[i]).toBeCloseTo(value, 7)
  })
  const shift = Number(parameters.intercepts.data[0]) - reference.logisticIntercepts[0]
  reference.logisticIntercepts.forEach((value, i) => {
    expect(Number(parameters.intercepts.data[i]) - shift).toBeCloseTo(value, 6)
  })
})

test('nearest neighbours agree with scikit-learn', async () => {
  const predict = async (options: object) => {
    const classifier = findClassifier('nearest-neighbour')
    const context = { runtime, random: seededRandom(0) }
    const stage = await classifier.fit({ features, labels, classes: 3 }, classifier.options.parse(options), context)
    return applyStages(runtime, [stage], test6)
  }
  const three = await predict({ k: 3 })
  reference.expected.knn3.flat().forEach((value, i) => {
    expect(three.data[i]).toBeCloseTo(value, 8)
  })
  const cosine = await predict({ metric: 'cosine' })
  reference.expected.knnCosine.forEach((label, i) => {
    expect([...cosine.data.subarray(3 * i, 3 * i + 3)]).toEqual([0, 1, 2].map((c) => (c === label ? 1 : 0)))
  })
})
