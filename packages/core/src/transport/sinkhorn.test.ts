import { describe, expect, it } from 'vitest'
import { type Matrix, matrix, matrixFromRows, rowOf, seededRandom } from '../tensor/index.ts'
import { largestDifference } from '../testing/matrices.ts'
import type { EntropicPlan } from './entropic.ts'
import { exactTransport } from './exact.ts'
import { uniformMarginal } from './marginals.ts'
import { sinkhornPlan } from './sinkhorn.ts'

/** Squared distances of normal points, `n` against `m` shifted ones. */
function squaredCost(n: number, m: number, seed = 1, scale = 1): Matrix {
  const random = seededRandom(seed)
  const [x, y] = [n, m].map((rows, side) =>
    matrix(
      rows,
      2,
      Float64Array.from({ length: 2 * rows }, () => scale * (random.normal() + side)),
    ),
  )
  const cost = matrix(n, m)
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < m; j++) {
      cost.data[i * m + j] = rowOf(x, i).reduce((sum, value, k) => sum + (value - y.data[2 * j + k]) ** 2, 0)
    }
  }
  return cost
}

const rowSums = (plan: Matrix) => Float64Array.from({ length: plan.rows }, (_, i) => sum(rowOf(plan, i)))
const columnSums = (plan: Matrix) =>
  Float64Array.from({ length: plan.columns }, (_, j) => sum(plan.data.filter((_, e) => e % plan.columns === j)))
const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0)
const costOf = (plan: Matrix, cost: Matrix) => plan.data.reduce((total, mass, e) => total + mass * cost.data[e], 0)

/** The one plan with these marginals that is of the form `aᵢ bⱼ exp((fᵢ + gⱼ − cᵢⱼ)/ε)` is the optimum. */
function expectOptimal(
  cost: Matrix,
  a: Float64Array,
  b: Float64Array,
  epsilon: number,
  { plan, potentials }: EntropicPlan,
  tolerance = 1e-9,
): void {
  const { source: f, target: g } = potentials
  const formed = plan.data.map((_, e) => {
    const [i, j] = [Math.floor(e / b.length), e % b.length]
    return a[i] * b[j] * Math.exp((f[i] + g[j] - cost.data[e]) / epsilon)
  })
  expect(largestDifference(plan.data, formed)).toBeLessThan(1e-11)
  expect(largestDifference(rowSums(plan), a)).toBeLessThan(1e-15)
  expect(sum(columnSums(plan).map((value, j) => Math.abs(value - b[j])))).toBeLessThan(tolerance)
}

describe('sinkhorn', () => {
  it('has the closed form of two points', () => {
    const cost = matrixFromRows([
      [0, 1],
      [1, 0],
    ])
    const { plan } = sinkhornPlan(cost, uniformMarginal(2), uniformMarginal(2), { regularisation: 0.3 })
    const stay = 0.5 / (1 + Math.exp(-1 / 0.3))
    expect(largestDifference(plan.data, [stay, 0.5 - stay, 0.5 - stay, stay])).toBeLessThan(1e-15)
  })

  it.each([
    [1, 7, 0.1],
    [7, 1, 0.1],
    [30, 40, 10],
    [30, 41, 1],
    [33, 40, 0.1],
    [40, 33, 0.02],
  ])('is optimal by its form and its marginals, %i × %i, ε = %d', (n, m, epsilon) => {
    const cost = squaredCost(n, m)
    const random = seededRandom(2)
    const [a, b] = [n, m].map((size) => Float64Array.from({ length: size }, () => random.uniform() + 0.01))
    const [p, q] = [a.map((value) => value / sum(a)), b.map((value) => value / sum(b))]
    const result = sinkhornPlan(cost, p, q, { regularisation: epsilon, iterations: 5000 })
    expect(result.error).toBeLessThan(1e-9)
    expectOptimal(cost, p, q, epsilon, result)
  })

  it('tends to the product of the marginals for much, to the exact plan for little regularisation', () => {
    const cost = squaredCost(20, 25)
    const [a, b] = [uniformMarginal(20), uniformMarginal(25)]
    const even = sinkhornPlan(cost, a, b, { regularisation: 1e9 }).plan
    for (const mass of even.data) expect(mass).toBeCloseTo(1 / 500, 10)
    const exact = exactTransport(cost, a, b).cost
    const costs = [1, 0.1, 0.01, 1e-3].map((regularisation) => {
      const { plan } = sinkhornPlan(cost, a, b, { regularisation, iterations: 5000 })
      return costOf(plan, cost)
    })
    expect([...costs]).toEqual([...costs].sort((x, y) => y - x))
    expect(costs.at(-1)! - exact).toBeLessThan(1e-3 * Math.log(500))
    expect(costs.at(-1)! - exact).toBeGreaterThan(-1e-8)
  })

  it.each([1e-2, 1e-6, 1e-12, 1e-100, 1e-300])('stays finite with costs up to 1e8 and ε = %d', (regularisation) => {
    const cost = squaredCost(30, 20, 3, 1e3)
    const [a, b] = [uniformMarginal(30), uniformMarginal(20)]
    const { plan, potentials } = sinkhornPlan(cost, a, b, { regularisation, iterations: 2000 })
    expect(plan.data.every((mass) => mass >= 0 && mass <= 1)).toBe(true)
    expect([...potentials.source, ...potentials.target].every(Number.isFinite)).toBe(true)
    expect(largestDifference(rowSums(plan), a)).toBeLessThan(1e-15)
    const exact = exactTransport(cost, a, b).cost
    expect(Math.abs(costOf(plan, cost) / exact - 1)).toBeLessThan(1e-8)
  })

  it('gives rows and columns without mass none, and potentials that a step of theirs would give', () => {
    const cost = squaredCost(5, 4)
    const [a, b] = [Float64Array.of(0.5, 0, 0.25, 0, 0.25), Float64Array.of(0, 0.5, 0.5, 0)]
    const result = sinkhornPlan(cost, a, b, { regularisation: 0.5 })
    expectOptimal(cost, a, b, 0.5, result)
    const { source: f, target: g } = result.potentials
    const soft = (i: number) =>
      -0.5 * Math.log(b.reduce((total, mass, j) => total + mass * Math.exp((g[j] - cost.data[4 * i + j]) / 0.5), 0))
    for (const i of [0, 1, 2, 3, 4]) expect(f[i]).toBeCloseTo(soft(i), 8)
  })

  it('needs far fewer iterations than plain steps do, and hardly any from where it ended', () => {
    const cost = squaredCost(60, 60)
    const a = uniformMarginal(60)
    const options = { regularisation: 0.05, iterations: 20000 }
    const result = sinkhornPlan(cost, a, a, options)
    expect(result.error).toBeLessThan(1e-9)
    expect(result.iterations * 15).toBeLessThan(plainSteps(cost, 0.05, 1e-9))
    expect(sinkhornPlan(cost, a, a, { ...options, start: result.potentials }).iterations).toBeLessThan(5)
  })

  it.each([1, 0.1, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-8])(
    'comes near the marginals however small ε = %d is',
    (epsilon) => {
      const cost = squaredCost(30, 20, 3)
      const options = { regularisation: epsilon, iterations: 2000 }
      expect(sinkhornPlan(cost, uniformMarginal(30), uniformMarginal(20), options).error).toBeLessThan(1e-6)
    },
  )

  it('says which regularisation it has taken where the one asked for is beyond float64', () => {
    const cost = squaredCost(10, 12, 3, 1e3)
    const [a, b] = [uniformMarginal(10), uniformMarginal(12)]
    const result = sinkhornPlan(cost, a, b, { regularisation: 1e-20, iterations: 2000 })
    expect(result.regularisation).toBeCloseTo(2 ** -40 * (Math.max(...cost.data) - Math.min(...cost.data)), 15)
    expect(sinkhornPlan(cost, a, b, { regularisation: 100 }).regularisation).toBe(100)
  })

  it('says how far it is from the marginals where it may not go on', () => {
    const cost = squaredCost(30, 30)
    const a = uniformMarginal(30)
    const { plan, iterations, error } = sinkhornPlan(cost, a, a, { regularisation: 1, iterations: 3 })
    expect(iterations).toBe(3)
    expect(error).toBeGreaterThan(1e-3)
    expect(sum(columnSums(plan).map((value) => Math.abs(value - 1 / 30)))).toBeCloseTo(error, 12)
    expect(() => sinkhornPlan(cost, a, a, { regularisation: 0 })).toThrow('positive and finite, got 0')
  })
})

/** Steps of Sinkhorn's plain algorithm until the columns' marginals are met. */
function plainSteps({ rows: n, columns: m, data }: Matrix, epsilon: number, tolerance: number): number {
  const kernel = data.map((value) => Math.exp(-value / epsilon))
  const u = new Float64Array(n)
  const v = new Float64Array(m).fill(1)
  for (let step = 1; ; step++) {
    for (let i = 0; i < n; i++) u[i] = 1 / n / v.reduce((total, value, j) => total + value * kernel[i * m + j], 0)
    let error = 0
    for (let j = 0; j < m; j++) {
      const reached = u.reduce((total, value, i) => total + value * kernel[i * m + j], 0)
      error += Math.abs(reached * v[j] - 1 / m)
      v[j] = 1 / m / reached
    }
    if (error < tolerance) return step
  }
}
