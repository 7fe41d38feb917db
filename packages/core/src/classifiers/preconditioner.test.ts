import { afterAll, beforeAll, expect, test } from 'vitest'
import { nodeRuntime, type Runtime } from '../runtime/index.ts'
import { identity, matrix, seededRandom } from '../tensor/index.ts'
import { weightedMean } from './centred-products.ts'
import { preconditioner } from './preconditioner.ts'
import { trainingRows } from './training-rows.ts'

let runtime: Runtime
beforeAll(async () => {
  runtime = await nodeRuntime()
})
afterAll(() => runtime.release())

const d = 4

async function make(n: number) {
  const random = seededRandom(1)
  const features = matrix(n, d)
  for (let i = 0; i < n; i++) {
    const common = random.normal()
    for (let j = 0; j < d; j++) features.data[i * d + j] = 10 ** j * (common + 0.3 * random.normal() + 1)
  }
  const rows = trainingRows({ features, labels: new Int32Array(n), classes: 1 }, 'none')
  const mean = weightedMean(features, rows.weights)
  const covariance = matrix(d, d)
  for (let a = 0; a < d; a++) {
    for (let b = 0; b < d; b++) {
      for (let i = 0; i < n; i++) {
        covariance.data[a * d + b] += ((features.data[i * d + a] - mean[a]) * (features.data[i * d + b] - mean[b])) / n
      }
    }
  }
  return { change: await preconditioner(runtime, rows, mean, 0.01), covariance }
}

test('whitens: Tᵀ(Σ + ridge·I)T is the identity, and the gradient map is its transpose', async () => {
  const { change, covariance } = await make(50)
  for (let j = 0; j < d; j++) covariance.data[j * d + j] += 0.01
  const t = change.weights(identity(d))
  const half = change.gradient(covariance)
  const transposed = change.gradient(identity(d))
  for (let a = 0; a < d; a++) {
    for (let b = 0; b < d; b++) {
      let sum = 0
      for (let k = 0; k < d; k++) sum += half.data[a * d + k] * t.data[k * d + b]
      expect(sum).toBeCloseTo(a === b ? 1 : 0, 6)
      expect(transposed.data[a * d + b]).toBeCloseTo(t.data[b * d + a], 12)
    }
  }
})

test('with few rows, scales each feature by its deviation', async () => {
  const { change, covariance } = await make(5)
  const t = change.weights(identity(d)).data
  for (let a = 0; a < d; a++) {
    for (let b = 0; b < d; b++) {
      expect(t[a * d + b]).toBeCloseTo(a === b ? 1 / Math.sqrt(covariance.data[a * d + a] + 0.01) : 0, 12)
    }
  }
})
