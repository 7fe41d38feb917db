import { expect, test } from 'vitest'
import { nodeRuntime } from '../runtime/index.ts'
import { matrix, seededRandom } from '../tensor/index.ts'
import { weightedMean, weightedScatter } from './centred-products.ts'

test('weighted mean and scatter equal plain sums, over several blocks of rows', async () => {
  const runtime = await nodeRuntime()
  const n = 9000
  const random = seededRandom(2)
  const x = matrix(
    n,
    3,
    Float64Array.from({ length: 3 * n }, () => random.normal() + 2),
  )
  const weights = Float64Array.from({ length: n }, () => random.uniform())
  const mean = weightedMean(x, weights)
  const total = weights.reduce((sum, w) => sum + w, 0)
  const scatter = await weightedScatter(runtime, x, weights, mean)
  for (let a = 0; a < 3; a++) {
    expect(mean[a]).toBeCloseTo(weights.reduce((sum, w, i) => sum + w * x.data[3 * i + a], 0) / total, 12)
    for (let b = 0; b < 3; b++) {
      const sum = weights.reduce((s, w, i) => s + w * (x.data[3 * i + a] - mean[a]) * (x.data[3 * i + b] - mean[b]), 0)
      expect(scatter.data[3 * a + b]).toBeCloseTo(sum, 8)
    }
  }
  await runtime.release()
})
