import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { applyStages, nodeRuntime, type Runtime } from '../runtime/index.ts'
import { fromSparse, type Matrix, matrix, matrixFromRows, rowOf, seededRandom, toSparse } from '../tensor/index.ts'
import { sparseOnly } from '../testing/sparse-only.ts'
import type { TrainingSet } from './classifier.ts'
import { prototypes } from './prototypes.ts'

let runtime: Runtime
beforeAll(async () => {
  runtime = await nodeRuntime()
})
afterAll(() => runtime.release())

async function predict(set: TrainingSet, options: object, x: Matrix): Promise<Matrix> {
  const context = { runtime, random: seededRandom(0) }
  return applyStages(runtime, [await prototypes.fit(set, prototypes.options.parse(options), context)], x)
}

const softmax = (logits: readonly number[]): number[] => {
  const powers = logits.map((z) => Math.exp(z - Math.max(...logits)))
  return powers.map((power) => power / powers.reduce((a, b) => a + b))
}

function draw(rows: number, columns: number, seed: number, offset = 0): Matrix {
  const random = seededRandom(seed)
  return matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, () => offset + random.normal()),
  )
}

const squared = (a: ArrayLike<number>, b: ArrayLike<number>) =>
  Array.from(a).reduce((sum, value, j) => sum + (value - b[j]!) ** 2, 0)

test('probabilities are the softmax of minus the squared distances to the weighted means', async () => {
  const set = {
    features: matrixFromRows([
      [0, 0],
      [3, 0],
      [1, 2],
    ]),
    labels: Int32Array.of(2, 2, 0),
    classes: 3,
    sampleWeights: Float64Array.of(2, 1, 5),
  }
  // The means are (1, 0) and (1, 2): at (1, 0.5) the squared distances are 0.25 and 2.25.
  const p = await predict(set, { temperature: 1 }, matrixFromRows([[1, 0.5]]))
  const [far, near] = softmax([-2.25, -0.25])
  expect(p.data[0]).toBeCloseTo(far!, 14)
  expect(p.data[1]).toBe(0)
  expect(p.data[2]).toBeCloseTo(near!, 14)
  const cool = await predict(set, { temperature: 4 }, matrixFromRows([[1, 0.5]]))
  expect(cool.data[0]).toBeCloseTo(softmax([-2.25 / 4, -0.25 / 4])[0]!, 14)
  // By default a tenth of the squared distance between the two means, which is 4.
  const usual = await predict(set, {}, matrixFromRows([[1, 0.5]]))
  expect(usual.data[0]).toBeCloseTo(softmax([-2.25 / 0.4, -0.25 / 0.4])[0]!, 14)
})

test('the default temperature makes probabilities independent of the features’ unit', async () => {
  const [features, x] = [draw(12, 6, 1), draw(9, 6, 2)]
  const labels = Int32Array.from({ length: 12 }, (_, i) => i % 3)
  const times = (m: Matrix, factor: number) => ({ ...m, data: m.data.map((value) => factor * value) })
  const plain = await predict({ features, labels, classes: 3 }, {}, x)
  const other = await predict({ features: times(features, 1000), labels, classes: 3 }, {}, times(x, 1000))
  other.data.forEach((value, i) => {
    expect(value).toBeCloseTo(plain.data[i]!, 12)
  })
  const alike = await predict({ features: matrix(3, 2), labels: Int32Array.of(0, 1, 2), classes: 3 }, {}, matrix(1, 2))
  for (const value of alike.data) expect(value).toBeCloseTo(1 / 3, 14)
})

test('the same where rows lie far from the origin', async () => {
  const [features, x] = [draw(12, 6, 1, 1e5), draw(9, 6, 2, 1e5)]
  const labels = Int32Array.from({ length: 12 }, (_, i) => i % 3)
  const p = await predict({ features, labels, classes: 3 }, { temperature: 10 }, x)
  const means = [0, 1, 2].map((c) =>
    Array.from({ length: 6 }, (_, j) => [0, 3, 6, 9].reduce((sum, i) => sum + features.data[(i + c) * 6 + j]! / 4, 0)),
  )
  for (let i = 0; i < 9; i++) {
    const expected = softmax(means.map((mean) => -squared(rowOf(x, i), mean) / 10))
    expected.forEach((value, c) => {
      expect(p.data[3 * i + c]).toBeCloseTo(value, 8)
    })
  }
})

test('cosine: the angle to the mean, whatever the lengths; a row of zeros is at 90° to all', async () => {
  const set = {
    features: matrixFromRows([
      [2, 0],
      [0, 2],
      [-7, 0],
    ]),
    labels: Int32Array.of(0, 0, 1),
    classes: 2,
  }
  const x = matrixFromRows([
    [0, 3],
    [0, 0],
  ])
  const p = await predict(set, { metric: 'cosine', temperature: 0.5 }, x)
  expect(p.data[0]).toBeCloseTo(softmax([Math.SQRT1_2 / 0.5, 0])[0]!, 14)
  expect([p.data[2], p.data[3]]).toEqual([0.5, 0.5])
})

test('cosine does not change with the length of a row, nor of all rows of a class', async () => {
  const labels = Int32Array.from({ length: 8 }, (_, i) => i % 2)
  await fc.assert(
    fc.asyncProperty(fc.integer(), fc.double({ min: 1e-3, max: 1e3, noNaN: true }), async (seed, factor) => {
      const [features, x] = [draw(8, 5, seed), draw(4, 5, seed + 1)]
      const scaled = matrix(
        8,
        5,
        features.data.map((value, at) => (labels[Math.floor(at / 5)] === 1 ? value * factor : value)),
      )
      const longer = matrix(
        4,
        5,
        x.data.map((value) => value * factor),
      )
      const options = { metric: 'cosine' }
      const plain = await predict({ features, labels, classes: 2 }, options, x)
      const other = await predict({ features: scaled, labels, classes: 2 }, options, longer)
      other.data.forEach((value, i) => {
        expect(value).toBeCloseTo(plain.data[i]!, 10)
      })
    }),
    { numRuns: 20 },
  )
})

test('sparse rows are never filled in', async () => {
  const features = matrixFromRows([
    [0, 3, 0],
    [1, 0, 0],
    [0, 0, 2],
  ])
  const labels = Int32Array.of(0, 0, 1)
  const x = draw(3, 3, 5)
  expect(await predict({ features: sparseOnly(features), labels, classes: 2 }, {}, x)).toEqual(
    await predict({ features, labels, classes: 2 }, {}, x),
  )
  const sparse = fromSparse(toSparse(features))
  expect(await predict({ features: sparse, labels, classes: 2 }, { metric: 'cosine' }, x)).toEqual(
    await predict({ features, labels, classes: 2 }, { metric: 'cosine' }, x),
  )
})
