import { afterAll, describe, expect, it } from 'vitest'
import { cholesky, solveLower, symmetricEigen } from '../../../linalg/index.ts'
import { nodeRuntime } from '../../../runtime/index.ts'
import { type Matrix, matrix, takeRows, transpose } from '../../../tensor/index.ts'
import { largestDifference, plainProduct } from '../../../testing/matrices.ts'
import { shiftedClasses } from '../../../testing/shifted-classes.ts'
import { type AdaptRequest, adapt } from '../../adapt.ts'
import { centred, meanRow } from '../../rows.ts'
import { discrepancy } from '../discrepancy.ts'
import { discrepancySubspace } from '../discrepancy-subspace.ts'
import { coupledSpace } from './coupled-space.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

const D = 7
const shape = { features: D, classes: 3, apart: 3 }
const source = shiftedClasses({ ...shape, rows: 60, shift: 0, seed: 1 })
const target = shiftedClasses({ ...shape, rows: 45, shift: 0.3, seed: 2 })
const weights = { divergence: 0.7, variance: 1.3, discrimination: 0.4 }

const gram = (rows: Matrix): Matrix => plainProduct(transpose(rows), rows)

/** Both sides of Zhang 2017, eq. 12, as `2d × 2d` matrices over `[A; B]`, from their definitions. */
function denseProblem(e: Matrix): { most: Matrix; least: Matrix } {
  const { divergence, variance, discrimination } = weights
  const most = matrix(2 * D, 2 * D)
  const least = matrix(2 * D, 2 * D)
  const add = (to: Matrix, block: Matrix, row: number, column: number, factor: number): void => {
    for (let i = 0; i < D; i++) {
      for (let j = 0; j < D; j++) to.data[(row + i) * 2 * D + column + j]! += factor * block.data[i * D + j]!
    }
  }
  const total = meanRow(source.features).mean
  for (let label = 0; label < 3; label++) {
    const rows = takeRows(
      source.features,
      [...source.labels.keys()].filter((i) => source.labels[i] === label),
    )
    const { mean } = meanRow(rows)
    add(least, gram(centred(rows, mean)), 0, 0, discrimination)
    const across = matrix(
      1,
      D,
      mean.map((value, j) => value - total[j]!),
    )
    add(most, gram(across), 0, 0, discrimination * rows.rows)
  }
  add(most, gram(centred(target.features, meanRow(target.features).mean)), D, D, variance)
  const one = matrix(
    D,
    D,
    Float64Array.from({ length: D * D }, (_, i) => (i % (D + 1) === 0 ? 1 : 0)),
  )
  add(least, one, 0, 0, divergence)
  add(least, one, D, D, divergence + variance)
  add(least, one, 0, D, -divergence)
  add(least, one, D, 0, -divergence)
  const own = plainProduct(transpose(source.features), matrix(60, e.columns, e.data.slice(0, 60 * e.columns)))
  const others = plainProduct(transpose(target.features), matrix(45, e.columns, e.data.slice(60 * e.columns)))
  const means = matrix(2 * D, e.columns, Float64Array.from([...own.data, ...others.data]))
  const discrepancies = plainProduct(means, transpose(means))
  discrepancies.data.forEach((value, i) => {
    least.data[i]! += value
  })
  return { most, least }
}

describe('coupledSpace', () => {
  it('has the optimum of the objective over both maps at once', async () => {
    const terms = discrepancy(source.labels, target.labels, 45, 3, 1)
    const space = await coupledSpace(runtime, source.features, target.features, source.labels, 3, weights)
    const found = await discrepancySubspace(runtime, space, terms, 4, 1)
    const { most, least } = denseProblem(terms.coefficients)
    const l = cholesky(least)
    const best = symmetricEigen(solveLower(l, transpose(solveLower(l, most)))).values.subarray(0, 4)
    expect(largestDifference(found.values, best)).toBeLessThan(1e-9 * best[0]!)

    const maps = await space.projections(found.coefficients)
    const w = matrix(2 * D, 4, Float64Array.from([...maps.source.data, ...maps.target.data]))
    const identity = Float64Array.from({ length: 16 }, (_, i) => (i % 5 === 0 ? 1 : 0))
    expect(largestDifference(plainProduct(transpose(w), plainProduct(least, w)).data, identity)).toBeLessThan(1e-9)
    const reached = plainProduct(transpose(w), plainProduct(most, w))
    for (let j = 0; j < 4; j++) expect(reached.data[5 * j]! / best[j]!).toBeCloseTo(1, 9)
  })
})

describe('the discrepancy of the domains’ term’s norm', () => {
  it('has that term at norm 1 and the classes’ at their own beside it, whatever their rows', () => {
    const [n, m] = [60, 45]
    const { coefficients } = discrepancy(source.labels, target.labels, m, 3, 3, { dividedBy: 'marginal' })
    const square = (column: number): number =>
      Array.from({ length: n + m }, (_, i) => coefficients.data[i * 4 + column]! ** 2).reduce((a, b) => a + b)
    expect(square(0)).toBeCloseTo(1, 12)
    const rows = (labels: Int32Array, label: number): number => labels.filter((own) => own === label).length
    for (let label = 0; label < 3; label++) {
      const own = 1 / rows(source.labels, label) + 1 / rows(target.labels, label)
      expect(square(label + 1)).toBeCloseTo(own / (3 * (1 / n + 1 / m)), 12)
    }
  })
})

describe('jgsa', () => {
  const request: AdaptRequest = {
    task: { kind: 'classification', classes: ['a', 'b', 'c'] },
    sources: [source],
    target: { name: 't', features: target.features },
    method: 'jgsa',
    scale: 'none',
    runtime,
  }
  it('makes the maps alike where their divergence weighs much, and not where it weighs little', async () => {
    const space = async (divergence: number) => {
      const coupled = await coupledSpace(runtime, source.features, target.features, source.labels, 3, {
        ...weights,
        divergence,
      })
      const terms = discrepancy(source.labels, target.labels, 45, 3, 1)
      const { coefficients } = await discrepancySubspace(runtime, coupled, terms, 3, 1)
      const { source: a, target: b } = await coupled.projections(coefficients)
      return Math.hypot(...a.data.map((value, i) => value - b.data[i]!)) / Math.hypot(...a.data)
    }
    expect(await space(1e4)).toBeLessThan(0.01)
    expect(await space(1e-2)).toBeGreaterThan(0.3)
  })

  it('recognises classes in a shifted domain better than the source alone', async () => {
    const right = async (method: string) =>
      (await adapt({ ...request, method })).predicted!.filter((label, i) => label === target.labels[i]).length / 45
    expect(await right('jgsa')).toBeGreaterThan(await right('none'))
  })

  it.each(['linear', 'rbf'])('recognises them in its kernel form too, kernel %s', async (kernel) => {
    const { predicted, facts } = await adapt({ ...request, options: { kernel, components: 2 } })
    expect(predicted.filter((label, i) => label === target.labels[i]).length / 45).toBeGreaterThan(0.9)
    expect('bandwidth' in facts).toBe(kernel === 'rbf')
  })

  it('refuses rows whose kernel would not fit, and takes them without one', async () => {
    const tight = { ...request, memoryLimit: 1e6 }
    await expect(adapt({ ...tight, options: { kernel: 'rbf' } })).rejects.toThrow('set kernel=linear')
    await adapt({ ...tight, options: { kernel: 'linear' } })
  })

  it('gives components of other lengths, not others, for another scaling', async () => {
    // One round: the next one's labels would see the lengths.
    const rows = async (scaling: string): Promise<Matrix> =>
      (await adapt({ ...request, options: { scaling, components: 3, iterations: 1, unitRows: false } })).after.target
    const [unit, constraint] = [await rows('unit'), await rows('constraint')]
    for (let j = 0; j < 3; j++) {
      const ratio = unit.data[j]! / constraint.data[j]!
      expect(Math.abs(ratio - 1)).toBeGreaterThan(1e-3)
      for (let i = 0; i < 45; i++) expect(unit.data[3 * i + j]! / constraint.data[3 * i + j]!).toBeCloseTo(ratio, 8)
    }
  })

  it('goes on where a class gets no pseudo-label', async () => {
    const kept = [...target.labels.keys()].filter((i) => target.labels[i] !== 2)
    const features = takeRows(target.features, kept)
    const { probabilities } = await adapt({ ...request, target: { name: 't', features } })
    expect(probabilities!.data.every(Number.isFinite)).toBe(true)
  })
})
