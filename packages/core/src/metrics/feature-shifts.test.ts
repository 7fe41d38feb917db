import { expect, test } from 'vitest'
import { matrix, matrixFromRows, seededRandom } from '../tensor/index.ts'
import { featureShifts, kolmogorovSmirnov } from './feature-shifts.ts'

test('the Kolmogorov-Smirnov statistic of SciPy 1.17.1, ties included', () => {
  expect(kolmogorovSmirnov(Float64Array.of(1, 2, 2, 3, 5), Float64Array.of(2, 3, 4, 4))).toBeCloseTo(0.35, 12)
  expect(kolmogorovSmirnov(Float64Array.of(1, 2), Float64Array.of(1, 2))).toBe(0)
  expect(kolmogorovSmirnov(Float64Array.of(1, 2), Float64Array.of(3))).toBe(1)
})

test('mean differences in pooled deviations, by hand', () => {
  const source = matrixFromRows([
    [1, 0.1, 0],
    [3, 0.1, 0],
    [5, 0.1, 0],
  ])
  const target = matrixFromRows([
    [4, 0.1, 1],
    [6, 0.1, 1],
  ])
  const shifts = featureShifts(source, target, seededRandom(0))
  // Means 3 and 5; squared deviations 8 and 2 over 3 degrees of freedom.
  expect(shifts[0].standardisedMeanDifference).toBeCloseTo(2 / Math.sqrt(10 / 3), 12)
  expect(shifts[0].kolmogorovSmirnov).toBeCloseTo(2 / 3, 12)
  expect(shifts[1]).toEqual({ feature: 1, standardisedMeanDifference: 0, kolmogorovSmirnov: 0 })
  expect(shifts[2]).toEqual({ feature: 2, standardisedMeanDifference: Number.POSITIVE_INFINITY, kolmogorovSmirnov: 1 })
})

test('many rows are sampled by the seed', () => {
  const random = seededRandom(1)
  const draw = (shift: number) =>
    matrix(
      5000,
      2,
      Float64Array.from({ length: 10000 }, () => random.normal() + shift),
    )
  const [source, target] = [draw(0), draw(1)]
  const run = (seed: number) => featureShifts(source, target, seededRandom(seed), { rows: 500 })
  expect(run(1)).toEqual(run(1))
  expect(run(1)[0].standardisedMeanDifference).toBeCloseTo(1, 1)
  // sup |Φ(x) − Φ(x − 1)| = 2Φ(1/2) − 1.
  expect(Math.abs(run(1)[0].kolmogorovSmirnov - 0.383)).toBeLessThan(0.08)
})
