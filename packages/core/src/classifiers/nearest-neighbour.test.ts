import { afterAll, beforeAll, expect, test } from 'vitest'
import { applyStages, nodeRuntime, type Runtime } from '../runtime/index.ts'
import { type Matrix, matrix, matrixFromRows, rowOf, seededRandom } from '../tensor/index.ts'
import type { TrainingSet } from './classifier.ts'
import { nearestNeighbour } from './nearest-neighbour.ts'

let runtime: Runtime
beforeAll(async () => {
  runtime = await nodeRuntime()
})
afterAll(() => runtime.release())

async function predict(set: TrainingSet, options: object, x: Matrix): Promise<Matrix> {
  const parsed = nearestNeighbour.options.parse(options)
  return applyStages(runtime, [await nearestNeighbour.fit(set, parsed, { runtime, random: seededRandom(0) })], x)
}

/** A line of training rows at 1, 2, 3, 4 and 10. */
const line = (labels: readonly number[], sampleWeights?: readonly number[]): TrainingSet => ({
  features: matrixFromRows([[1], [2], [3], [4], [10]]),
  labels: Int32Array.from(labels),
  classes: 3,
  ...(sampleWeights === undefined ? {} : { sampleWeights: Float64Array.from(sampleWeights) }),
})

const at = (value: number) => matrixFromRows([[value]])

test('one neighbour is the row at the smallest distance, far from the origin too', async () => {
  const random = seededRandom(4)
  const draw = (rows: number) =>
    matrix(
      rows,
      20,
      Float64Array.from({ length: rows * 20 }, () => 1e6 + random.normal()),
    )
  const features = draw(200)
  const x = draw(150)
  const set = { features, labels: Int32Array.from({ length: 200 }, (_, i) => i), classes: 200 }
  const p = await predict(set, {}, x)
  for (let i = 0; i < 150; i++) {
    const distances = Array.from({ length: 200 }, (_, r) =>
      rowOf(x, i).reduce((sum, value, j) => sum + (value - features.data[r * 20 + j]) ** 2, 0),
    )
    expect(p.data[i * 200 + distances.indexOf(Math.min(...distances))]).toBe(1)
  }
})

test('votes are shares, weighted by the rows', async () => {
  const shares = await predict(line([0, 0, 1, 2, 2]), { k: 3 }, at(1))
  expect([...shares.data].map((v) => Math.round(v * 1e6) / 1e6)).toEqual([0.666667, 0.333333, 0])
  const weighted = await predict(line([0, 0, 1, 2, 2], [1, 1, 6, 1, 1]), { k: 3 }, at(1))
  expect([...weighted.data].map((v) => Math.round(v * 1e6) / 1e6)).toEqual([0.25, 0.75, 0])
})

test('a tie goes to the class with the nearest row', async () => {
  // From 1.1 the order is 1, 2, 3, 4: classes 2, 0, 0, 2, then 0, 2, 2, 0.
  const outer = await predict(line([2, 0, 0, 2, 1]), { k: 4 }, at(1.1))
  expect(outer.data[2]).toBeGreaterThan(outer.data[0])
  const inner = await predict(line([0, 2, 2, 0, 1]), { k: 4 }, at(1.1))
  expect(inner.data[0]).toBeGreaterThan(inner.data[2])
  expect(outer.data[0]).toBeCloseTo(0.5, 8)
})

test('rows of weight zero never vote, and k is at most the number of rows', async () => {
  expect((await predict(line([0, 1, 1, 2, 2], [0, 1, 1, 1, 1]), {}, at(1))).data[1]).toBe(1)
  const all = await predict(line([0, 0, 1, 2, 2]), { k: 99 }, at(1))
  expect(all.data[0]).toBeCloseTo(0.4, 8)
})

test('cosine distance looks at directions, and a row of zeros has none', async () => {
  const set = {
    features: matrixFromRows([
      [100, 1],
      [0.1, 0.1],
      [0, 0],
    ]),
    labels: Int32Array.of(0, 1, 2),
    classes: 3,
  }
  expect((await predict(set, { metric: 'cosine' }, matrixFromRows([[50, 60]]))).data[1]).toBe(1)
  expect((await predict(set, { metric: 'cosine' }, matrixFromRows([[-1, -1]]))).data[2]).toBe(1)
})
