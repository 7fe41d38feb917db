import { afterAll, beforeAll, expect, test } from 'vitest'
import { nodeRuntime, type Runtime } from '../runtime/index.ts'
import { tensor } from '../tensor/index.ts'
import { linearLossModel } from './linear-loss.ts'
import { squaredHingeLoss } from './linear-svm.ts'
import { softmaxCrossEntropyLoss } from './logistic-regression.ts'

let runtime: Runtime
beforeAll(async () => {
  runtime = await nodeRuntime()
})
afterAll(() => runtime.release())

test.each([softmaxCrossEntropyLoss, squaredHingeLoss])('gradients equal central differences: $id', async (loss) => {
  const model = linearLossModel(loss)
  const at = (weights: Float64Array, intercepts: Float64Array) =>
    runtime.run(model, {
      x: tensor('float64', [3, 2], Float64Array.of(0.3, -1.2, 2, 0.4, -0.7, 1.1)),
      labels: tensor('int64', [3, 1], BigInt64Array.of(0n, 2n, 1n)),
      classes: tensor('int64', [1, 3], BigInt64Array.of(0n, 1n, 2n)),
      rowWeights: tensor('float64', [3, 1], Float64Array.of(1, 0.5, 2)),
      weights: tensor('float64', [2, 3], weights),
      intercepts: tensor('float64', [3], intercepts),
    })
  const weights = Float64Array.of(0.1, -0.2, 0.4, 0.9, -0.3, 0.2)
  const intercepts = Float64Array.of(0.05, -0.1, 0.2)
  const { weightGradient, interceptGradient } = await at(weights, intercepts)
  const step = 1e-5
  const moved = (vector: Float64Array, i: number, by: number) => vector.map((v, j) => (j === i ? v + by : v))
  const loss1 = async (w: Float64Array, b: Float64Array) => Number((await at(w, b)).loss.data[0])
  for (let i = 0; i < 6; i++) {
    const difference =
      (await loss1(moved(weights, i, step), intercepts)) - (await loss1(moved(weights, i, -step), intercepts))
    expect(Number(weightGradient.data[i])).toBeCloseTo(difference / (2 * step), 7)
  }
  for (let i = 0; i < 3; i++) {
    const difference =
      (await loss1(weights, moved(intercepts, i, step))) - (await loss1(weights, moved(intercepts, i, -step)))
    expect(Number(interceptGradient.data[i])).toBeCloseTo(difference / (2 * step), 7)
  }
})
