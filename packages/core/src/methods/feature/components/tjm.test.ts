import { afterAll, describe, expect, it } from 'vitest'
import { cholesky, rbfKernelStage, solveLower, symmetricEigen } from '../../../linalg/index.ts'
import { applyStages, nodeRuntime } from '../../../runtime/index.ts'
import { type Matrix, matrix, seededRandom, transpose } from '../../../tensor/index.ts'
import { largestDifference, normalMatrix, plainProduct } from '../../../testing/matrices.ts'
import { shiftedClasses } from '../../../testing/shifted-classes.ts'
import { type AdaptRequest, adapt } from '../../adapt.ts'
import { discrepancy } from '../discrepancy.ts'
import { discrepancySubspace } from '../discrepancy-subspace.ts'
import { matchingSpaces } from './matching-space.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

const K = 4
const LAMBDA = 0.8

/** `KHK`, `KMK + λG` with all `n × n` matrices formed. */
function denseProblem(k: Matrix, e: Matrix, weights: Float64Array): { a: Matrix; b: Matrix } {
  const n = k.rows
  const h = matrix(
    n,
    n,
    Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0) - 1 / n),
  )
  const means = plainProduct(k, e)
  const b = plainProduct(means, transpose(means))
  for (let i = 0; i < n; i++) b.data[i * (n + 1)]! += LAMBDA * weights[i]!
  return { a: plainProduct(k, plainProduct(h, k)), b }
}

describe.each([
  ['linear', 7],
  ['linear', 160],
  ['rbf', 7],
] as const)('matchingSpaces, %s kernel of %d features', (kernel, features) => {
  it('has the optimum of the problem with the rows’ weights in it', async () => {
    const random = seededRandom(5)
    const x = normalMatrix(50, features, random)
    const weights = Float64Array.from({ length: 50 }, (_, i) => (i < 30 ? 0.1 + 3 * random.uniform() : 1))
    const terms = discrepancy(new Int32Array(30), undefined, 20, 1, 1)
    const space = await (await matchingSpaces({ runtime, memoryLimit: 1e9 }, x, kernel, 2))(weights)
    const found = await discrepancySubspace(runtime, space, terms, K, LAMBDA)

    const gram =
      kernel === 'linear' ? plainProduct(x, transpose(x)) : await applyStages(runtime, [rbfKernelStage(x, 2)], x)
    const { a, b } = denseProblem(gram, terms.coefficients, weights)
    const l = cholesky(b)
    const best = symmetricEigen(solveLower(l, transpose(solveLower(l, a)))).values.subarray(0, K)
    expect(largestDifference(found.values, best)).toBeLessThan(1e-8 * best[0]!)

    const overRows = await space.overRows(found.coefficients)
    const unit = plainProduct(transpose(overRows), plainProduct(b, overRows))
    expect(
      largestDifference(
        unit.data,
        Float64Array.from({ length: K * K }, (_, i) => (i % (K + 1) === 0 ? 1 : 0)),
      ),
    ).toBeLessThan(1e-8)
    const embedded = await applyStages(runtime, [await space.embed(found.coefficients)], x)
    expect(largestDifference(embedded.data, plainProduct(gram, overRows).data)).toBeLessThan(1e-9)
    if (features > 50) expect(space.size).toBe(50)
  })
})

describe('tjm', () => {
  const shape = { features: 6, classes: 3, apart: 3 }
  const near = shiftedClasses({ ...shape, rows: 40, shift: 0, seed: 1 })
  const target = shiftedClasses({ ...shape, rows: 40, shift: 0.1, seed: 2 })
  /** Rows of a source that has nothing to do with the target. */
  const strange = {
    ...near,
    features: matrix(
      40,
      6,
      near.features.data.map((value, i) => (i % 6 === 5 ? 8 + value : -value)),
    ),
  }
  const request: AdaptRequest = {
    task: { kind: 'classification', classes: ['a', 'b', 'c'] },
    sources: [near],
    target: { name: 't', features: target.features },
    method: 'tjm',
    scale: 'none',
    options: { components: 4 },
    runtime,
  }
  const facts = async (options: AdaptRequest['options'], changes: Partial<AdaptRequest> = {}) =>
    (await adapt({ ...request, ...changes, options: { components: 4, ...options } })).facts

  it.each(['linear', 'rbf'])('lowers its objective round by round, and not in the first alone: %s', async (kernel) => {
    const objectives: number[] = []
    for (let iterations = 1; iterations <= 6; iterations++) {
      objectives.push((await facts({ scaling: 'constraint', kernel, iterations })).objective as number)
    }
    for (let i = 1; i < 6; i++) expect(objectives[i]!).toBeLessThan(objectives[i - 1]! * (1 + 1e-9))
    expect(objectives[5]!).toBeLessThan(0.99 * objectives[0]!)
  })

  it('runs every round that it is asked for', async () => {
    const once = await adapt({ ...request, options: { components: 4, iterations: 1 } })
    const often = await adapt({ ...request, options: { components: 4 } })
    expect([once.facts.rounds, often.facts.rounds]).toEqual([1, 10])
    expect(largestDifference(once.after.target.data, often.after.target.data)).toBeGreaterThan(1e-3)
  })

  it('is built from fewer source rows after the rounds than before', async () => {
    const changes = { sources: [near, strange] }
    const first = (await facts({ iterations: 1 }, changes)).effectiveSourceRows as number
    const last = (await facts({ iterations: 20 }, changes)).effectiveSourceRows as number
    expect(last).toBeLessThan(0.8 * first)
  })
})
