import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Matrix, matrix, matrixFromRows, seededRandom } from '../../../tensor/index.ts'
import { kernelWeights, optimalKernelWeights } from './kernel-weights.ts'
import { kernelMoments } from './kernel-weights-moments.ts'

const m2 = (...rows: number[][]): Matrix => matrixFromRows(rows)

/** `(ηᵀβ)² / βᵀAβ`, counted only where `ηᵀβ > 0`. */
function ratio(beta: ArrayLike<number>, eta: ArrayLike<number>, a: Matrix): number {
  let [linear, square] = [0, 0]
  for (let u = 0; u < beta.length; u++) {
    linear += beta[u]! * eta[u]!
    for (let v = 0; v < beta.length; v++) square += beta[u]! * a.data[u * a.columns + v]! * beta[v]!
  }
  return linear <= 0 ? 0 : (linear * linear) / square
}

/** Gaussian elimination with pivots. */
function solve(a: number[][], b: number[]): number[] {
  const rows = a.map((row, i) => [...row, b[i]!])
  rows.forEach((_, k) => {
    const pivot = rows.reduce((best, row, i) => (i >= k && Math.abs(row[k]!) > Math.abs(rows[best]![k]!) ? i : best), k)
    ;[rows[k], rows[pivot]] = [rows[pivot]!, rows[k]!]
    rows.forEach((row, i) => {
      if (i === k) return
      const factor = row[k]! / rows[k]![k]!
      rows[i] = row.map((value, j) => value - factor * rows[k]![j]!)
    })
  })
  return rows.map((row, i) => row.at(-1)! / row[i]!)
}

/** The best ratio over all sets of kernels: on each the stationary point, where it is not negative. */
function bestByEnumeration(eta: readonly number[], a: Matrix): number {
  let best = 0
  for (let set = 1; set < 2 ** eta.length; set++) {
    const places = eta.flatMap((_, u) => ((set >> u) & 1 ? [u] : []))
    const x = solve(
      places.map((u) => places.map((v) => a.data[u * a.columns + v]!)),
      places.map((u) => eta[u]!),
    )
    if (x.some((value) => value < 0)) continue
    const beta = eta.map((_, u) => x[places.indexOf(u)] ?? 0)
    best = Math.max(best, ratio(beta, eta, a))
  }
  return best
}

const problems = fc
  .record({ kernels: fc.integer({ min: 1, max: 7 }), rank: fc.integer({ min: 1, max: 7 }), seed: fc.nat(99999) })
  .map(({ kernels, rank, seed }) => {
    const random = seededRandom(seed)
    const factor = Array.from({ length: rank }, () => Array.from({ length: kernels }, () => random.normal()))
    const eta = Array.from({ length: kernels }, () => random.normal() * 0.3)
    const q = matrix(kernels, kernels)
    for (let u = 0; u < kernels; u++) {
      for (let v = 0; v < kernels; v++) {
        q.data[u * kernels + v] = factor.reduce((sum, row) => sum + (row[u]! * row[v]!) / rank, 0)
      }
    }
    return { eta, q }
  })

const ridged = (q: Matrix, epsilon: number): Matrix =>
  matrix(
    q.rows,
    q.columns,
    q.data.map((value, i) => (i % (q.columns + 1) === 0 ? value + epsilon : value)),
  )

describe('the weights of kernels', () => {
  it('reach the largest ratio of all sets of kernels', () => {
    fc.assert(
      fc.property(problems, fc.constantFrom(1e-3, 0.1), ({ eta, q }, epsilon) => {
        fc.pre(eta.some((value) => value > 0))
        const a = ridged(q, epsilon)
        const found = optimalKernelWeights(Float64Array.from(eta), q, epsilon)
        expect(found.every((value) => value >= 0)).toBe(true)
        expect(found.reduce((sum, value) => sum + value)).toBeCloseTo(1, 12)
        const best = bestByEnumeration(eta, a)
        expect(Math.abs(ratio(found, eta, a) / best - 1)).toBeLessThan(1e-9)
      }),
      { numRuns: 300 },
    )
  })

  it('are met by no other point that is drawn', () => {
    fc.assert(
      fc.property(problems, fc.nat(9999), ({ eta, q }, seed) => {
        fc.pre(eta.some((value) => value > 0))
        const a = ridged(q, 1e-3)
        const top = ratio(optimalKernelWeights(Float64Array.from(eta), q), eta, a)
        const random = seededRandom(seed)
        for (let i = 0; i < 50; i++) {
          const beta = eta.map(() => Math.max(0, random.normal()))
          if (beta.some((value) => value > 0)) expect(ratio(beta, eta, a)).toBeLessThanOrEqual(top * (1 + 1e-9))
        }
      }),
    )
  })

  it('are those that SciPy finds (nnls, 1.17)', () => {
    const rows = Array.from({ length: 16 }, (_, i) =>
      Array.from(
        { length: 5 },
        (_, u) => Math.sin(1 + 3 * i + 5.1 * u) + 0.5 * Math.sin(1 + 3 * i) + 0.1 * (u + 1) - 0.15,
      ),
    )
    const expected = [0, 0.10847846206369263, 0.3515772301322789, 0.320484404512773, 0.21945990329125542]
    kernelWeights(matrixFromRows(rows)).forEach((value, u) => {
      expect(value).toBeCloseTo(expected[u]!, 10)
    })
  })

  it('spread evenly over kernels that are alike, and independent', () => {
    const found = optimalKernelWeights(
      Float64Array.of(1, 1, 1, 1),
      m2([2, 0, 0, 0], [0, 2, 0, 0], [0, 0, 2, 0], [0, 0, 0, 2]),
    )
    for (const value of found) expect(value).toBeCloseTo(0.25, 12)
  })

  it('leave out a kernel whose mean is negative where kernels are independent', () => {
    expect([...optimalKernelWeights(Float64Array.of(1, -1), m2([1, 0], [0, 1]))]).toEqual([1, 0])
  })

  it('are those of equal kernels too: the same one twice', () => {
    const found = optimalKernelWeights(Float64Array.of(1, 1), m2([1, 1], [1, 1]))
    expect(found[0]! + found[1]!).toBeCloseTo(1, 12)
    expect(found.every((value) => value >= 0)).toBe(true)
  })

  it('go to the single best kernel where no mean is positive', () => {
    const q = m2([1, 0, 0], [0, 100, 0], [0, 0, 1])
    expect([...optimalKernelWeights(Float64Array.of(-1, -1, -2), q)]).toEqual([0, 1, 0])
    expect([...optimalKernelWeights(Float64Array.of(0, 0), m2([0, 0], [0, 0]))]).toEqual([1, 0])
  })
})

describe('the moments of kernel estimates', () => {
  it('are the mean, and the mean product of differences of rows that follow one another', () => {
    const { mean, covariance } = kernelMoments(m2([1, 0], [3, 1], [0, 0], [1, 4], [100, 100]))
    expect([...mean]).toEqual([21, 21])
    // Differences (−2, −1) and (−1, −4).
    expect([...covariance.data]).toEqual([2.5, 3, 3, 8.5])
  })

  it('need two rows, and finite numbers', () => {
    expect(() => kernelMoments(m2([1, 2]))).toThrow(/two quadruples or more, got 1/)
    expect(() => kernelMoments(m2([1], [Number.NaN]))).toThrow(/not finite/)
    expect(() => optimalKernelWeights(Float64Array.of(1), m2([1]), 0)).toThrow(/epsilon has to be positive, got 0/)
  })
})
