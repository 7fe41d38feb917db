import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { nodeRuntime, type Runtime } from '../runtime/index.ts'
import { type Matrix, matrix, matrixFromRows, seededRandom } from '../tensor/index.ts'
import { normalMatrix } from '../testing/matrices.ts'
import { fitMixture } from './gaussian-mixture.ts'
import { kMeans } from './k-means.ts'
import { nLeep } from './n-leep.ts'

let runtime: Runtime
beforeAll(async () => {
  runtime = await nodeRuntime()
})
afterAll(() => runtime.release())

const labels = Int32Array.from({ length: 60 }, (_, i) => i % 3)

/** 60 rows of 8 features in three groups, `apart` standard deviations from one another. */
function groups(apart: number): Matrix {
  const noise = normalMatrix(60, 8)
  return matrix(
    60,
    8,
    noise.data.map((value, i) => value + (i % 8 === labels[Math.floor(i / 8)] ? apart / Math.SQRT2 : 0)),
  )
}

describe('N-LEEP', () => {
  it('is 0 where every cluster is of one class, and falls as groups come closer', async () => {
    const score = (apart: number) =>
      nLeep({ runtime, random: seededRandom(0) }, groups(apart), labels, { covariance: 'diagonal' })
    const [far, near, none] = [await score(60), await score(3), await score(0)]
    expect(far).toBeCloseTo(0, 6)
    expect(far).toBeGreaterThan(near)
    expect(near).toBeGreaterThan(none)
  })

  it('is the negative entropy of the labels where rows do not differ, or are too few for two clusters', async () => {
    const context = { runtime, random: seededRandom(0) }
    const entropy = -Math.log(3)
    expect(await nLeep(context, matrix(60, 2, new Float64Array(120).fill(0.1)), labels)).toBeCloseTo(entropy, 12)
    const few = matrixFromRows([[1], [2], [3]])
    expect(await nLeep(context, few, Int32Array.of(0, 1, 2))).toBeCloseTo(entropy, 12)
  })
})

describe('the mixture', () => {
  it.each(['full', 'diagonal'] as const)('never loses likelihood, with %s covariances', async (covariance) => {
    const x = groups(2)
    const start = matrix(60, 4)
    for (let i = 0; i < 60; i++) start.data[4 * i + (i % 4)] = 1
    const options = { covariance, ridge: 0, tolerance: 1e-8, iterations: 300 }
    const { logLikelihoods, responsibilities, converged } = await fitMixture(runtime, x, start, options)
    expect(converged).toBe(true)
    for (let step = 1; step < logLikelihoods.length; step++) {
      expect(logLikelihoods[step]).toBeGreaterThan(logLikelihoods[step - 1] - 1e-9)
    }
    for (let i = 0; i < 60; i++) {
      expect(responsibilities.data.subarray(4 * i, 4 * i + 4).reduce((sum, r) => sum + r, 0)).toBeCloseTo(1, 12)
    }
  })

  it('assigns a row whose density underflows to the nearest component', async () => {
    const x = matrixFromRows([[0], [0.001], [1], [1.001], [500]])
    const start = matrixFromRows([[1, 0], [1, 0], [0, 1], [0, 1], [0, 0]]) // biome-ignore format: one case
    const options = { covariance: 'full', ridge: 1e-6, tolerance: 0, iterations: 1 } as const
    const { responsibilities, logLikelihoods } = await fitMixture(runtime, x, start, options)
    expect([...responsibilities.data.subarray(8)]).toEqual([0, 1])
    expect(logLikelihoods[0]).toBeLessThan(-1e9)
    expect(Number.isFinite(logLikelihoods[0])).toBe(true)
  })
})

describe('k-means', () => {
  it('finds groups that lie far apart', async () => {
    const clusters = await kMeans(runtime, groups(60), 3, seededRandom(1))
    expect(clusters).toHaveLength(60)
    clusters.forEach((cluster, i) => {
      expect(cluster).toBe(clusters[i % 3])
    })
    expect(new Set(clusters).size).toBe(3)
  })

  it('gives every cluster a row although rows are alike', async () => {
    const clusters = await kMeans(runtime, matrix(6, 1, Float64Array.of(1, 1, 1, 1, 1, 2)), 4, seededRandom(1))
    expect(new Set(clusters).size).toBe(4)
  })
})
