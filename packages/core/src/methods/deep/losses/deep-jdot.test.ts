import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../../runtime/index.ts'
import { seededRandom, type Tensor, tensor } from '../../../tensor/index.ts'
import { drawTensor } from '../../../testing/draw.ts'
import { exactly, fragment, ran } from '../../../testing/fragment.ts'
import { checkGradient } from '../../../testing/gradient-check.ts'
import { type DeepJdotOptions, deepJdotCost, deepJdotLoss } from './deep-jdot.ts'
import { deepJdotPlan } from './deep-jdot-plan.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const rows = {
  sourceFeatures: 'gs',
  targetFeatures: 'gt',
  sourceTargets: 'y',
  targetLogits: 'z',
}

function inputsOf(seed: number, n: number, m: number) {
  const random = seededRandom(seed)
  const draw = (dims: number[]) => drawTensor(random, 'float32', dims)
  const hot = new Float32Array(n * 3)
  for (let i = 0; i < n; i++) hot[3 * i + random.integer(3)] = 1
  return { gs: draw([n, 2]), gt: draw([m, 2]), y: tensor('float32', [n, 3], hot), z: draw([m, 3]) }
}

const at = ({ dims, data }: Tensor, i: number, j: number) => Number(data[i * dims[1]! + j]!)

/** One entry of the cost by the formula. */
function entry({ gs, gt, y, z }: ReturnType<typeof inputsOf>, i: number, j: number, alpha: number, lambda: number) {
  const distance = [0, 1].reduce((sum, k) => sum + (at(gs, i, k) - at(gt, j, k)) ** 2, 0)
  const total = [0, 1, 2].reduce((sum, c) => sum + Math.exp(at(z, j, c)), 0)
  const entropy = [0, 1, 2].reduce((sum, c) => sum - at(y, i, c) * Math.log(Math.exp(at(z, j, c)) / total), 0)
  return alpha * distance + lambda * entropy
}

const costOf = (inputs: ReturnType<typeof inputsOf>, options?: DeepJdotOptions) =>
  fragment(inputs, (graph) => ({ cost: deepJdotCost(graph, rows, options) }))

const shapes = fc.record({ n: fc.integer({ min: 1, max: 5 }), m: fc.integer({ min: 1, max: 5 }), seed: fc.nat(9999) })

describe('the cost of a plan', () => {
  it('is the formula for each pair of rows', async () => {
    await fc.assert(
      fc.asyncProperty(shapes, async ({ n, m, seed }) => {
        const inputs = inputsOf(seed, n, m)
        const options = { alpha: 0.7, lambda: 1.3 }
        const { cost } = exactly(costOf(inputs, options))
        const run = (await ran(runtime, costOf(inputs, options))).cost!
        expect(cost).toHaveLength(n * m)
        cost!.forEach((value, k) => {
          const expected = entry(inputs, Math.floor(k / m), k % m, 0.7, 1.3)
          expect(Math.abs(value - expected)).toBeLessThan(1e-6 * (1 + expected))
          expect(Math.abs(run[k]! - expected)).toBeLessThan(1e-5 * (1 + expected))
        })
      }),
      { numRuns: 30 },
    )
  })

  it('has the factors of the paper unless told otherwise', () => {
    const inputs = inputsOf(3, 2, 3)
    expect(exactly(costOf(inputs)).cost![4]!).toBeCloseTo(entry(inputs, 1, 1, 0.001, 0.0001), 9)
  })
})

describe('the transport loss', () => {
  it('is the cost at the plan, with the gradient of central differences', async () => {
    await fc.assert(
      fc.asyncProperty(shapes, async ({ n, m, seed }) => {
        const options = { alpha: 0.7, lambda: 1.3 }
        const inputs = inputsOf(seed, n, m)
        const { cost } = await runtime.run(costOf(inputs, options).model, inputs)
        const plan = deepJdotPlan({ ...cost!, dims: [n, m] })
        const example = fragment({ ...inputs, plan }, (graph) => ({
          value: deepJdotLoss(graph, deepJdotCost(graph, rows, options), 'plan'),
        }))
        let expected = 0
        for (let k = 0; k < n * m; k++) {
          expected += plan.data[k]! * entry(inputs, Math.floor(k / m), k % m, 0.7, 1.3)
        }
        expect(Math.abs(exactly(example).value![0]! - expected)).toBeLessThan(1e-6 * (1 + expected))
        const check = await checkGradient(runtime, example, { by: ['gs', 'gt', 'z'] })
        expect(check.exact).toBeLessThan(1e-5)
        expect(check.run).toBeLessThan(1e-3)
      }),
      { numRuns: 25 },
    )
  })

  it('is no larger at the optimal plan than at any other of the same masses', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 6 }), fc.nat(9999), (n, seed) => {
        const random = seededRandom(seed)
        const cost = drawTensor(random, 'float32', [n, n], 0, 1)
        const value = (plan: ArrayLike<number>) =>
          Array.from(plan).reduce((sum, x, k) => sum + x * Number(cost.data[k]), 0)
        const best = value(deepJdotPlan(cost).data)
        for (let trial = 0; trial < 20; trial++) {
          const order = random.permutation(n)
          const other = new Float64Array(n * n)
          for (let i = 0; i < n; i++) other[i * n + order[i]!] = 1 / n
          expect(best).toBeLessThanOrEqual(value(other) + 1e-6)
        }
      }),
      { numRuns: 30 },
    )
  })
})

describe('the plan of a batch', () => {
  it('gives every row the same mass, sources and targets being of different numbers', () => {
    const plan = deepJdotPlan(drawTensor(seededRandom(4), 'float32', [3, 5], 0, 1))
    for (let i = 0; i < 3; i++) {
      expect([0, 1, 2, 3, 4].reduce((sum, j) => sum + at(plan, i, j), 0)).toBeCloseTo(1 / 3, 6)
    }
    for (let j = 0; j < 5; j++) expect([0, 1, 2].reduce((sum, i) => sum + at(plan, i, j), 0)).toBeCloseTo(1 / 5, 6)
  })

  it('refuses what is no matrix, and numbers that are not finite', () => {
    expect(() => deepJdotPlan(tensor('float32', [2], Float32Array.of(1, 2)))).toThrow(/source rows × target rows/)
    expect(() => deepJdotPlan(tensor('float32', [1, 1], Float32Array.of(Number.NaN)))).toThrow(/finite/)
  })
})
