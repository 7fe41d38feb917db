import { afterAll, beforeAll, expect, test } from 'vitest'
import { nodeRuntime, type Runtime } from '../runtime/index.ts'
import { matrix, matrixFromRows, rowOf, seededRandom } from '../tensor/index.ts'
import { fitLinear, type LinearObjective } from './linear-fit.ts'
import { squaredHingeLoss } from './linear-svm.ts'
import { softmaxCrossEntropyLoss } from './logistic-regression.ts'
import { type TrainingRows, trainingRows } from './training-rows.ts'

let runtime: Runtime
beforeAll(async () => {
  runtime = await nodeRuntime()
})
afterAll(() => runtime.release())

/** Rows of three overlapping classes with weights; features differ in scale and offset, two are nearly the same. */
function overlapping(n: number, columns = 4): TrainingRows {
  const random = seededRandom(6)
  const labels = Int32Array.from({ length: n }, () => random.integer(3))
  const features = matrixFromRows(
    Array.from(labels, (label) => {
      const common = random.normal()
      return Array.from({ length: columns }, (_, j) =>
        j < 2 ? common + label + 0.05 * random.normal() : 10 ** (j % 4) * (random.normal() + 3),
      )
    }),
  )
  const sampleWeights = Float64Array.from({ length: n }, () => 0.5 + random.uniform())
  return trainingRows({ features, labels, classes: 3, sampleWeights }, 'none')
}

type RowLoss = (decisions: readonly number[], label: number) => number

const crossEntropy: RowLoss = (z, label) => Math.log(z.reduce((sum, v) => sum + Math.exp(v), 0)) - z[label]
const squaredHinge: RowLoss = (z, label) =>
  z.reduce((sum, v, c) => sum + Math.max(0, 1 - (c === label ? v : -v)) ** 2, 0)

/** The objective by plain loops, at weights (`d × 3`) and intercepts in one vector. */
function objectiveAt(rows: TrainingRows, objective: LinearObjective, loss: RowLoss, at: Float64Array): number {
  const d = rows.features.columns
  let data = 0
  rows.labels.forEach((label, i) => {
    const row = rowOf(rows.features, i)
    const z = [0, 1, 2].map((c) => row.reduce((sum, v, j) => sum + v * at[3 * j + c], at[3 * d + c]))
    data += rows.weights[i] * loss(z, label)
  })
  const squares = (part: Float64Array) => part.reduce((sum, v) => sum + v * v, 0)
  const penalty =
    objective.weightPenalty * squares(at.subarray(0, 3 * d)) + objective.interceptPenalty * squares(at.subarray(3 * d))
  return objective.c * data + penalty / 2
}

const common = { c: 0.8, weightPenalty: 1, tolerance: 1e-9, iterations: 2000 }
const logistic = { ...common, loss: softmaxCrossEntropyLoss, interceptPenalty: 0 }
const svm = { ...common, loss: squaredHingeLoss, interceptPenalty: 1 }

test.each([
  ['logistic regression, whitened', logistic, crossEntropy, 60, 4],
  ['logistic regression, scaled', logistic, crossEntropy, 10, 8],
  ['logistic regression, in the span of the rows', logistic, crossEntropy, 10, 16],
  ['support vector machine, whitened', svm, squaredHinge, 60, 4],
  ['support vector machine, scaled', svm, squaredHinge, 10, 8],
] as const)('the gradient of the objective is zero at the solution: %s', async (_, objective, loss, n, columns) => {
  const rows = overlapping(n, columns)
  const { weights, intercepts } = await fitLinear(runtime, rows, objective)
  const solution = Float64Array.of(...weights.data, ...intercepts)
  const start = objectiveAt(rows, objective, loss, new Float64Array(solution.length))
  expect(objectiveAt(rows, objective, loss, solution)).toBeLessThan(start)
  solution.forEach((_, i) => {
    // A step that moves the decision values by about 1e-4.
    const scale = i < weights.data.length ? 10 ** Math.max(0, Math.floor(i / 3) < 2 ? 0 : Math.floor(i / 3) % 4) : 1
    const step = 1e-4 / scale
    const moved = (by: number) =>
      objectiveAt(
        rows,
        objective,
        loss,
        solution.map((v, j) => (j === i ? v + by : v)),
      )
    expect(Math.abs(moved(step) - moved(-step)) / (2 * step) / scale).toBeLessThan(2e-5)
  })
})

test('a badly scaled problem converges in few steps, and one that does not is reported', async () => {
  const rows = overlapping(200)
  await expect(fitLinear(runtime, rows, { ...logistic, tolerance: 1e-8, iterations: 60 })).resolves.toBeDefined()
  await expect(fitLinear(runtime, rows, { ...logistic, iterations: 1 })).rejects.toThrow('did not converge (residual')
})

test('many classes go through in several blocks of rows, all of which count', async () => {
  const n = 2100
  const random = seededRandom(1)
  const features = matrix(
    n,
    2,
    Float64Array.from({ length: 2 * n }, () => random.normal()),
  )
  const labels = Int32Array.from({ length: n }, (_, i) => i % 2050)
  const reversed = { features: matrix(n, 2), labels: labels.toReversed(), classes: 2050 }
  for (let i = 0; i < n; i++) reversed.features.data.set(rowOf(features, n - 1 - i), 2 * i)
  const short = { ...logistic, c: 0.01, tolerance: 1e-3 }
  const forward = await fitLinear(runtime, trainingRows({ features, labels, classes: 2050 }, 'none'), short)
  const backward = await fitLinear(runtime, trainingRows(reversed, 'none'), short)
  expect(forward.weights.data.some((w) => w !== 0)).toBe(true)
  forward.weights.data.forEach((w, i) => {
    expect(Math.abs(w - backward.weights.data[i])).toBeLessThan(1e-12)
  })
})
