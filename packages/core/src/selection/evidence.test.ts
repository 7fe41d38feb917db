import fc from 'fast-check'
import { expect, test } from 'vitest'
import { maximumEvidence, type SpectralTarget } from './evidence.ts'

/** The log density of the target's coordinates, independent normals with the variances `σ²/α + 1/β`. */
function logDensity({ rows, squares, along, beyond }: SpectralTarget, alpha: number, beta: number): number {
  let sum = 0
  squares.forEach((square, i) => {
    const variance = square / alpha + 1 / beta
    sum -= Math.log(2 * Math.PI * variance) + along[i] / variance
  })
  return (sum - (rows - squares.length) * Math.log((2 * Math.PI) / beta) - beta * beyond) / 2
}

test('has the closed form of one feature', () => {
  const target = { rows: 9, squares: Float64Array.of(3), along: Float64Array.of(5), beyond: 4 }
  const { logEvidence, alpha, beta } = maximumEvidence(target)
  expect(1 / beta).toBeCloseTo(4 / 8, 8)
  expect(3 / alpha + 1 / beta).toBeCloseTo(5, 8)
  const variances = [5, ...new Array(8).fill(0.5)]
  const logarithms = variances.reduce((sum, variance) => sum + Math.log(2 * Math.PI * variance), 0)
  expect(logEvidence).toBeCloseTo(-(logarithms + 9) / 2, 10)
})

test('leaves features out that say less than noise would', () => {
  const { logEvidence, beta } = maximumEvidence({
    rows: 9,
    squares: Float64Array.of(3),
    along: Float64Array.of(0.4),
    beyond: 8.6,
  })
  expect(beta).toBeCloseTo(1, 10)
  expect(logEvidence).toBeCloseTo((-9 * (Math.log(2 * Math.PI) + 1)) / 2, 10)
})

test('finds no noise where the features explain all of as many rows', () => {
  const squares = Float64Array.of(4, 2, 1)
  const { alpha, logEvidence } = maximumEvidence({ rows: 3, squares, along: squares, beyond: 0 })
  expect(alpha).toBeCloseTo(1, 6)
  expect(logEvidence).toBeCloseTo(-(3 * Math.log(2 * Math.PI) + Math.log(8) + 3) / 2, 8)
})

test('is the density at its own precisions, and nowhere on a fine grid is it larger', () => {
  const positive = fc.double({ min: 1e-3, max: 1e3, noNaN: true })
  const targets = fc
    .tuple(fc.array(fc.tuple(positive, positive), { minLength: 1, maxLength: 6 }), fc.nat(5), positive)
    .map(([pairs, more, beyond]) => ({
      rows: pairs.length + more,
      squares: Float64Array.from(pairs, ([square]) => square).sort().reverse(), // biome-ignore format: one line
      along: Float64Array.from(pairs, ([, along]) => along),
      beyond: more === 0 ? 0 : beyond,
    }))
  fc.assert(
    fc.property(targets, (target) => {
      const { logEvidence, alpha, beta } = maximumEvidence(target)
      expect(logDensity(target, alpha, beta)).toBeCloseTo(logEvidence, 6)
      let largest = Number.NEGATIVE_INFINITY
      for (let a = -12; a <= 12; a += 0.5) {
        for (let b = -12; b <= 12; b += 0.5) {
          largest = Math.max(largest, logDensity(target, alpha * Math.exp(a), beta * Math.exp(b)))
        }
      }
      expect(largest).toBeLessThanOrEqual(logEvidence + 1e-7 * Math.abs(logEvidence) + 1e-9)
    }),
  )
})
