import { expect, test } from 'vitest'
import { minimise, type Objective } from './lbfgs.ts'

/** Rosenbrock's valley in `n` variables: the minimum is 0 at (1, …, 1). */
const rosenbrock: Objective = async (x) => {
  const gradient = new Float64Array(x.length)
  let value = 0
  for (let i = 0; i + 1 < x.length; i++) {
    const valley = x[i + 1] - x[i] ** 2
    value += 100 * valley ** 2 + (1 - x[i]) ** 2
    gradient[i] += -400 * x[i] * valley - 2 * (1 - x[i])
    gradient[i + 1] += 200 * valley
  }
  return { value, gradient }
}

/** `½ Σ cᵢ (xᵢ − i)²`, with curvatures from 1 to 10⁴. */
const quadratic: Objective = async (x) => {
  const curvature = (i: number) => 10 ** ((4 * i) / (x.length - 1))
  return {
    value: x.reduce((sum, v, i) => sum + (curvature(i) * (v - i) ** 2) / 2, 0),
    gradient: x.map((v, i) => curvature(i) * (v - i)),
  }
}

test.each([2, 10])("reaches the end of Rosenbrock's valley in %i variables", async (n) => {
  const start = new Float64Array(n).fill(-1.2)
  const minimum = await minimise(rosenbrock, start, { tolerance: 1e-9 })
  expect(minimum.converged).toBe(true)
  expect(minimum.residual).toBeLessThanOrEqual(1e-9)
  for (const x of minimum.point) expect(x).toBeCloseTo(1, 8)
  expect(start).toEqual(new Float64Array(n).fill(-1.2))
})

test('solves a badly conditioned quadratic', async () => {
  const minimum = await minimise(quadratic, new Float64Array(30), { tolerance: 1e-8 })
  expect(minimum.converged).toBe(true)
  minimum.point.forEach((x, i) => {
    expect(x).toBeCloseTo(i, 7)
  })
  // SciPy 1.17 needs 794 with the same memory.
  expect(minimum.iterations).toBeLessThan(1000)
})

test('takes no step from a minimum, and stops at the limit of steps', async () => {
  expect(await minimise(rosenbrock, Float64Array.of(1, 1))).toMatchObject({ iterations: 0, converged: true })
  const cut = await minimise(rosenbrock, Float64Array.of(-1.2, 1), { iterations: 3 })
  expect(cut).toMatchObject({ iterations: 3, converged: false })
  expect(cut.value).toBeLessThan(24.2)
})

test('ends without a verdict of convergence where rounding allows no more', async () => {
  const shifted: Objective = async (x) => ({ value: 1e9 + x[0] ** 2, gradient: Float64Array.of(2 * x[0]) })
  const minimum = await minimise(shifted, Float64Array.of(3), { tolerance: 0, iterations: 50 })
  expect(Math.abs(minimum.point[0])).toBeLessThan(1e-2)
})

test('is the same bit for bit when run again', async () => {
  const run = () => minimise(rosenbrock, Float64Array.of(-1.2, 1, 0.3))
  expect(await run()).toEqual(await run())
})

test('refuses a start where the objective is not finite', async () => {
  const broken: Objective = async (x) => ({ value: Number.NaN, gradient: x })
  await expect(minimise(broken, Float64Array.of(1))).rejects.toThrow('the objective is NaN at its start')
})
