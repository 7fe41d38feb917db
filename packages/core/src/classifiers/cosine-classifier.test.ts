import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { applyStages, nodeRuntime, type Runtime } from '../runtime/index.ts'
import { type Matrix, matrix, matrixFromRows, rowOf, seededRandom } from '../tensor/index.ts'
import type { TrainingSet } from './classifier.ts'
import { cosineClassifier } from './cosine-classifier.ts'

let runtime: Runtime
beforeAll(async () => {
  runtime = await nodeRuntime()
})
afterAll(() => runtime.release())

const fit = (set: TrainingSet, options: object) =>
  cosineClassifier.fit(set, cosineClassifier.options.parse(options), { runtime, random: seededRandom(0) })

const predict = async (set: TrainingSet, options: object, x: Matrix) =>
  applyStages(runtime, [await fit(set, options)], x)

/** Rows of three classes that overlap, of lengths from 0.1 to 10. */
function sample(rows: number, columns: number, seed = 1): TrainingSet & { readonly sampleWeights: Float64Array } {
  const random = seededRandom(seed)
  const labels = Int32Array.from({ length: rows }, (_, i) => i % 3)
  const features = matrix(rows, columns)
  for (let i = 0; i < rows; i++) {
    const length = 10 ** (2 * random.uniform() - 1)
    for (let j = 0; j < columns; j++) {
      features.data[i * columns + j] = length * (0.7 * Math.cos(2 * labels[i]! + j) + random.normal())
    }
  }
  const sampleWeights = Float64Array.from({ length: rows }, (_, i) => 0.5 + (i % 4))
  return { features, labels, classes: 3, sampleWeights }
}

/** The objective at directions given as columns of `v` of any length. */
function objective(set: TrainingSet & { readonly sampleWeights: Float64Array }, v: Matrix, temperature: number) {
  const column = (k: number) => Float64Array.from({ length: v.rows }, (_, j) => v.data[j * v.columns + k]!)
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, j) => sum + value * b[j]!, 0)
  let [sum, total] = [0, 0]
  for (let i = 0; i < set.features.rows; i++) {
    const x = rowOf(set.features, i)
    const logits = Array.from({ length: v.columns }, (_, k) => {
      const direction = column(k)
      return dot(x, direction) / Math.sqrt(dot(x, x) * dot(direction, direction)) / temperature
    })
    const largest = Math.max(...logits)
    const logSum = largest + Math.log(logits.reduce((all, z) => all + Math.exp(z - largest), 0))
    sum += set.sampleWeights[i]! * (logSum - logits[set.labels[i]!]!)
    total += set.sampleWeights[i]!
  }
  return sum / total
}

describe.each([
  ['more rows than features', 40, 5],
  ['fewer rows than features, found in their span', 12, 30],
])('%s', (_, n, d) => {
  test('the directions are of length 1 and at a minimum of the objective', async () => {
    const set = sample(n, d)
    const temperature = 0.3
    const { parameters } = await fit(set, { temperature, tolerance: 1e-9 })
    const [name] = Object.keys(parameters).filter((key) => key.endsWith('weights'))
    const weights = matrix(d, 3, parameters[name!]!.data as Float64Array)
    for (let k = 0; k < 3; k++) {
      let square = 0
      for (let j = 0; j < d; j++) square += (weights.data[j * 3 + k]! * temperature) ** 2
      expect(square).toBeCloseTo(1, 10)
    }
    const least = objective(set, weights, temperature)
    const step = 1e-5
    for (let at = 0; at < weights.data.length; at++) {
      const moved = (by: number) =>
        objective(
          set,
          { ...weights, data: weights.data.map((value, i) => (i === at ? value + by : value)) },
          temperature,
        )
      expect(Math.abs(moved(step) - moved(-step)) / (2 * step)).toBeLessThan(1e-7)
    }
    const random = seededRandom(9)
    for (let trial = 0; trial < 50; trial++) {
      const size = 10 ** (-2 * random.uniform())
      const other = { ...weights, data: weights.data.map((value) => value + size * random.normal()) }
      expect(objective(set, other, temperature)).toBeGreaterThan(least)
    }
  })

  test('lengths of rows, the order of rows and the order of classes do not count', async () => {
    const set = sample(n, d)
    const x = sample(9, d, 2).features
    const plain = await predict(set, { tolerance: 1e-9 }, x)
    const scaled = matrix(
      n,
      d,
      set.features.data.map((value, at) => value * (1 + Math.floor(at / d))),
    )
    const longer = await predict({ ...set, features: scaled }, { tolerance: 1e-9 }, x)
    const order = Array.from({ length: n }, (_, i) => n - 1 - i)
    const reversed = {
      features: matrixFromRows(order.map((i) => rowOf(set.features, i))),
      labels: Int32Array.from(order, (i) => (set.labels[i]! + 1) % 3),
      classes: 3,
      sampleWeights: Float64Array.from(order, (i) => set.sampleWeights[i]!),
    }
    const renamed = await predict(reversed, { tolerance: 1e-9 }, x)
    for (let i = 0; i < 9; i++) {
      for (let c = 0; c < 3; c++) {
        expect(longer.data[3 * i + c]).toBeCloseTo(plain.data[3 * i + c]!, 6)
        expect(renamed.data[3 * i + ((c + 1) % 3)]).toBeCloseTo(plain.data[3 * i + c]!, 6)
      }
    }
  })
})

test('two opposite rows: each class looks along its own', async () => {
  const features = matrixFromRows([
    [2, 0, 0],
    [-5, 0, 0],
  ])
  const p = await predict({ features, labels: Int32Array.of(1, 0), classes: 2 }, { temperature: 1 }, features)
  expect(p.data[1]).toBeCloseTo(1 / (1 + Math.exp(-2)), 8)
  expect(p.data[2]).toBeCloseTo(1 / (1 + Math.exp(-2)), 8)
})

test('rows of zeros, and classes whose rows cancel, are no failure', async () => {
  const labels = Int32Array.of(0, 1, 0, 1)
  const zeros = await predict({ features: matrix(4, 6), labels, classes: 2 }, {}, matrix(1, 6))
  expect([...zeros.data]).toEqual([0.5, 0.5])
  const features = matrixFromRows([
    [1, 0],
    [0, 2],
    [-1, 0],
    [0, -2],
  ])
  const p = await predict({ features, labels, classes: 2 }, {}, features)
  for (const value of p.data) expect(value).toBeGreaterThan(0)
})

test('one row per class at the default temperature: the loss is tiny, and its minimum is still found', async () => {
  const random = seededRandom(3)
  const features = matrix(
    5,
    40,
    Float64Array.from({ length: 200 }, () => Math.max(0, random.normal())),
  )
  const set = { features, labels: Int32Array.of(0, 1, 2, 3, 4), classes: 5, sampleWeights: new Float64Array(5).fill(1) }
  const directions = async (tolerance: number) => {
    const { parameters } = await fit(set, { tolerance })
    const [name] = Object.keys(parameters).filter((key) => key.endsWith('weights'))
    return matrix(40, 5, parameters[name!]!.data as Float64Array)
  }
  const [usual, fine] = [await directions(1e-4), await directions(1e-7)]
  const loss = objective(set, fine, 0.05)
  expect(loss).toBeLessThan(1e-3)
  expect(objective(set, usual, 0.05) / loss).toBeCloseTo(1, 5)
  usual.data.forEach((value, at) => {
    expect(Math.abs(value - fine.data[at]!)).toBeLessThan(0.02)
  })
})
