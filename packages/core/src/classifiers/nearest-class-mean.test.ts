import { afterAll, beforeAll, expect, test } from 'vitest'
import { applyStages, nodeRuntime, type Runtime } from '../runtime/index.ts'
import { type Matrix, matrix, matrixFromRows, seededRandom } from '../tensor/index.ts'
import type { TrainingSet } from './classifier.ts'
import { nearestClassMean } from './nearest-class-mean.ts'
import { prototypes } from './prototypes.ts'

let runtime: Runtime
beforeAll(async () => {
  runtime = await nodeRuntime()
})
afterAll(() => runtime.release())

const context = () => ({ runtime, random: seededRandom(0) })

async function predict(set: TrainingSet, options: object, x: Matrix): Promise<Matrix> {
  return applyStages(runtime, [await nearestClassMean.fit(set, nearestClassMean.options.parse(options), context())], x)
}

test('without centring: half squared distances to means of unit rows', async () => {
  const set = {
    features: matrixFromRows([
      [5, 0],
      [0, 0.1],
      [-3, 0],
    ]),
    labels: Int32Array.of(0, 0, 1),
    classes: 2,
  }
  // The means of the unit rows are (½, ½) and (−1, 0). From (0, 1) half the squared distances are ¼ and 1.
  const p = await predict(set, { temperature: 1 }, matrixFromRows([[0, 8]]))
  expect(p.data[0]).toBeCloseTo(1 / (1 + Math.exp(0.25 - 1)), 14)
})

test('with centring, a common offset of all rows changes nothing', async () => {
  const random = seededRandom(3)
  const labels = Int32Array.from({ length: 12 }, (_, i) => i % 3)
  const draw = (rows: number) => Float64Array.from({ length: rows * 4 }, () => random.normal())
  const [rows, fresh] = [draw(12), draw(5)]
  const moved = (values: Float64Array) => values.map((value, at) => value + [7, -2, 0, 40][at % 4]!)
  const plain = await predict(
    { features: matrix(12, 4, rows), labels, classes: 3 },
    { centre: 'rows' },
    matrix(5, 4, fresh),
  )
  const other = await predict(
    { features: matrix(12, 4, moved(rows)), labels, classes: 3 },
    { centre: 'rows' },
    matrix(5, 4, moved(fresh)),
  )
  other.data.forEach((value, i) => {
    expect(value).toBeCloseTo(plain.data[i]!, 10)
  })
})

test('is the prototypes of unit rows, and differs from those of rows as they are', async () => {
  const set = {
    features: matrixFromRows([
      [100, 0],
      [0, 1],
      [1, -1],
    ]),
    labels: Int32Array.of(0, 0, 1),
    classes: 2,
  }
  const unit = {
    ...set,
    features: matrixFromRows([
      [1, 0],
      [0, 1],
      [Math.SQRT1_2, -Math.SQRT1_2],
    ]),
  }
  const x = matrixFromRows([[0.2, 0.98]])
  const length = Math.hypot(0.2, 0.98)
  const p = await predict(set, { temperature: 0.5 }, x)
  const prototype = async (rows: TrainingSet, from: Matrix) => {
    const stage = await prototypes.fit(rows, prototypes.options.parse({ temperature: 1 }), context())
    return applyStages(runtime, [stage], from)
  }
  const same = await prototype(unit, matrixFromRows([[0.2 / length, 0.98 / length]]))
  p.data.forEach((value, i) => {
    expect(value).toBeCloseTo(same.data[i]!, 12)
  })
  const raw = await prototype(set, x)
  expect(p.data[0]).toBeGreaterThan(0.5)
  expect(raw.data[0]).toBeLessThan(0.5)
})

test('two classes of one row each, and rows that are all alike', async () => {
  const features = matrixFromRows([
    [1, 5],
    [3, 5],
  ])
  const labels = Int32Array.of(0, 1)
  const p = await predict({ features, labels, classes: 2 }, { centre: 'rows', temperature: 1 }, features)
  expect(p.data[0]).toBeCloseTo(1 / (1 + Math.exp(-2)), 14)
  const flat = await predict({ features: matrix(2, 3), labels, classes: 2 }, { centre: 'rows' }, matrix(1, 3))
  expect([...flat.data]).toEqual([0.5, 0.5])
})
