import { afterAll, describe, expect, it } from 'vitest'
import { symmetricEigen } from '../../../linalg/index.ts'
import { composeStages } from '../../../onnx/index.ts'
import { applyStages, nodeRuntime } from '../../../runtime/index.ts'
import { type Matrix, matrix, rowOf, sliceRows, stackRows, transpose } from '../../../tensor/index.ts'
import { largestDifference, plainProduct } from '../../../testing/matrices.ts'
import { shiftedClasses } from '../../../testing/shifted-classes.ts'
import { discrepancy } from '../discrepancy.ts'
import { discrepancySubspace } from '../discrepancy-subspace.ts'
import { coupledSpace } from './coupled-space.ts'
import { domainCoordinates } from './domain-coordinates.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())
const context = { runtime, memoryLimit: 1e9 }

const weights = { divergence: 0.7, variance: 1.3, discrimination: 0.4 }
const WIDTH = 2.5
const CLASSES = 3

/** Two domains of 24 and 18 rows with `features` columns. */
const domains = (features: number) => {
  const shape = { features, classes: CLASSES, apart: 3 }
  return {
    source: shiftedClasses({ ...shape, rows: 24, shift: 0, seed: 1 }),
    target: shiftedClasses({ ...shape, rows: 18, shift: 0.3 / features, seed: 2 }),
  }
}

type Domains = ReturnType<typeof domains>

const termsOf = ({ source, target }: Domains) =>
  discrepancy(source.labels, target.labels, target.features.rows, CLASSES, CLASSES, { dividedBy: 'marginal' })

/** `HKH` of all rows, from its definition. */
function centredKernel(x: Matrix, kernel: 'linear' | 'rbf'): Matrix {
  const n = x.rows
  const k = matrix(n, n)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      const [a, b] = [rowOf(x, i), rowOf(x, j)]
      const square = a.reduce((sum, value, c) => sum + (value - b[c]!) ** 2, 0)
      const product = a.reduce((sum, value, c) => sum + value * b[c]!, 0)
      k.data[i * n + j] = kernel === 'rbf' ? Math.exp(-square / (2 * WIDTH ** 2)) : product
    }
  }
  const h = matrix(
    n,
    n,
    Float64Array.from({ length: n * n }, (_, at) => (at % (n + 1) === 0 ? 1 : 0) - 1 / n),
  )
  return plainProduct(plainProduct(h, k), h)
}

/**
 * The largest values of the paper's kernel form over coefficients of all rows, `[α; β]` with `A = Φα` and `B = Φβ`: its two
 * `2n × 2n` matrices written out, and the one inverted on its range.
 */
function bestOverCoefficients({ source, target }: Domains, kernel: 'linear' | 'rbf', count: number): Float64Array {
  const k = centredKernel(stackRows([source.features, target.features]), kernel)
  const [n, rows] = [k.rows, source.features.rows]
  const [ks, kt] = [sliceRows(k, 0, rows), sliceRows(k, rows, n)]
  const most = matrix(2 * n, 2 * n)
  const least = matrix(2 * n, 2 * n)
  const add = (to: Matrix, top: number, left: number, block: Matrix, factor: number): void => {
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) to.data[(top + i) * 2 * n + left + j]! += factor * block.data[i * n + j]!
    }
  }
  const gram = (x: Matrix): Matrix => plainProduct(transpose(x), x)
  const meanOf = (kept: readonly number[]): Matrix => {
    const mean = matrix(1, n)
    for (const i of kept) for (let j = 0; j < n; j++) mean.data[j]! += ks.data[i * n + j]! / kept.length
    return mean
  }
  const minus = (a: Float64Array, b: Matrix): Matrix =>
    matrix(
      1,
      n,
      a.map((value, j) => value - b.data[j]!),
    )
  const everyone = meanOf([...source.labels.keys()])
  for (let label = 0; label < CLASSES; label++) {
    const own = [...source.labels.keys()].filter((i) => source.labels[i] === label)
    add(most, 0, 0, gram(minus(meanOf(own).data, everyone)), weights.discrimination * own.length)
    for (const i of own) add(least, 0, 0, gram(minus(rowOf(ks, i), meanOf(own))), weights.discrimination)
  }
  add(most, n, n, gram(kt), weights.variance)
  add(least, 0, 0, k, weights.divergence)
  add(least, n, n, k, weights.divergence + weights.variance)
  add(least, 0, n, k, -weights.divergence)
  add(least, n, 0, k, -weights.divergence)
  const e = termsOf({ source, target }).coefficients
  const own = plainProduct(transpose(ks), sliceRows(e, 0, rows))
  const others = plainProduct(transpose(kt), sliceRows(e, rows, n))
  const means = matrix(2 * n, e.columns, Float64Array.from([...own.data, ...others.data]))
  const all = plainProduct(means, transpose(means))
  all.data.forEach((value, at) => {
    least.data[at]! += value
  })
  const { values, vectors } = symmetricEigen(least)
  const range = [...values.keys()].filter((j) => values[j]! > 1e-9 * values[0]!)
  const root = matrix(2 * n, range.length)
  range.forEach((j, c) => {
    for (let i = 0; i < 2 * n; i++) {
      root.data[i * range.length + c] = vectors.data[i * 2 * n + j]! / Math.sqrt(values[j]!)
    }
  })
  return symmetricEigen(plainProduct(plainProduct(transpose(root), most), root)).values.slice(0, count)
}

const solved = async (given: Domains, kernel: 'primal' | 'linear' | 'rbf') => {
  const coordinates = await domainCoordinates(context, given.source.features, given.target.features, kernel, WIDTH)
  const origin = kernel === 'primal' ? 'mean' : 'zero'
  const { source, target } = coordinates
  const space = await coupledSpace(runtime, source, target, given.source.labels, CLASSES, { ...weights, origin })
  const { values, coefficients } = await discrepancySubspace(runtime, space, termsOf(given), 4, 1, { tolerance: 1e-10 })
  return { coordinates, values, maps: await space.projections(coefficients) }
}

describe('coordinates of two domains', () => {
  it.each([
    ['linear', 7],
    ['linear', 200],
    ['rbf', 7],
  ] as const)('have the optimum of the kernel form over coefficients, %s in %d features', async (kernel, features) => {
    const given = domains(features)
    const { values } = await solved(given, kernel)
    const best = bestOverCoefficients(given, kernel, 4)
    expect(largestDifference(values, best)).toBeLessThan((kernel === 'rbf' ? 1e-6 : 1e-8) * best[0]!)
  })

  it.each(['primal', 'linear', 'rbf'] as const)('send rows where the map of coordinates does, %s', async (kernel) => {
    for (const features of [7, 200]) {
      const given = domains(features)
      const { coordinates, maps } = await solved(given, kernel)
      const stage = composeStages([await coordinates.embed(maps.target)])
      const embedded = await applyStages(runtime, [stage], given.target.features)
      const expected = plainProduct(coordinates.target, maps.target)
      expect(largestDifference(embedded.data, expected.data)).toBeLessThan(1e-6)
    }
  })

  it('give, where rows are few, the maps that all features give', async () => {
    const given = domains(200)
    const { coordinates, values, maps } = await solved(given, 'primal')
    expect(coordinates.source.columns).toBe(42)
    const { source, target } = given
    const space = await coupledSpace(runtime, source.features, target.features, source.labels, CLASSES, weights)
    const whole = await discrepancySubspace(runtime, space, termsOf(given), 4, 1, { tolerance: 1e-10 })
    expect(largestDifference(values, whole.values)).toBeLessThan(1e-8 * values[0]!)
    const wanted = await space.projections(whole.coefficients)
    const pairs = [
      [plainProduct(coordinates.source, maps.source), plainProduct(source.features, wanted.source)],
      [plainProduct(coordinates.target, maps.target), plainProduct(target.features, wanted.target)],
    ] as const
    // A component's sign is fixed by its coefficients, which are others here.
    for (let j = 0; j < 4; j++) {
      const turn = Math.sign(pairs[0][0].data[j]! * pairs[0][1].data[j]!)
      for (const [found, expected] of pairs) {
        const column = (m: Matrix) => Array.from({ length: m.rows }, (_, i) => m.data[i * 4 + j]!)
        const turned = column(expected).map((value) => turn * value)
        expect(largestDifference(column(found), turned)).toBeLessThan(1e-8)
      }
    }
  })
})
