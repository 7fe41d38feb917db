import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../../runtime/index.ts'
import { seededRandom, type Tensor, tensor } from '../../../tensor/index.ts'
import { drawTensor } from '../../../testing/draw.ts'
import { exactly, fragment, gradientsOf, ran } from '../../../testing/fragment.ts'
import { checkGradient } from '../../../testing/gradient-check.ts'
import { jointMmd } from './joint-mmd.ts'
import { adversarialFeature } from './joint-mmd-adversary.ts'
import { type MmdEstimator, mmdLoss } from './mmd.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const rowsOf = ({ dims, data }: Tensor): number[][] =>
  Array.from({ length: dims[0]! }, (_, i) => Array.from(data as Float32Array).slice(i * dims[1]!, (i + 1) * dims[1]!))

const drawn = (seed: number, rows: number, width: number) => drawTensor(seededRandom(seed), 'float32', [rows, width])

/** Two layers, the first with two kernels and the second with one, as a product. */
const kernels = [
  { bandwidth: 6, factors: [0.5, 2] },
  { bandwidth: 3, factors: [1] },
]

const inputsOf = (seed: number, rows: number, others: number) => ({
  s0: drawn(seed, rows, 3),
  t0: drawn(seed + 1, others, 3),
  s1: drawn(seed + 2, rows, 2),
  t1: drawn(seed + 3, others, 2),
})

const of = (inputs: ReturnType<typeof inputsOf>, estimator: MmdEstimator) =>
  fragment(inputs, (graph) => ({
    value: jointMmd(
      graph,
      kernels.map((kernel, l) => ({ source: `s${l}`, target: `t${l}`, ...kernel })),
      { estimator },
    ),
  }))

/** The formula as explicit sums over pairs of rows `[first layer, second layer]`. */
function byHand(inputs: ReturnType<typeof inputsOf>, estimator: MmdEstimator): number {
  const joint = (a: Tensor, b: Tensor) => rowsOf(a).map((row, i) => [row, rowsOf(b)[i]!])
  const [source, target] = [joint(inputs.s0, inputs.s1), joint(inputs.t0, inputs.t1)]
  const k = (a: number[][], b: number[][]) =>
    kernels.reduce((product, { bandwidth, factors }, l) => {
      const d = a[l]!.reduce((sum, x, j) => sum + (x - b[l]![j]!) ** 2, 0)
      return (product * factors.reduce((sum, f) => sum + Math.exp(-d / (f * bandwidth)), 0)) / factors.length
    }, 1)
  if (estimator === 'linear') {
    const count = Math.floor(Math.min(source.length, target.length) / 2)
    let sum = 0
    for (let i = 0; i < count; i++) {
      const [s, s2, t, t2] = [source[2 * i]!, source[2 * i + 1]!, target[2 * i]!, target[2 * i + 1]!]
      sum += k(s, s2) + k(t, t2) - k(s, t2) - k(s2, t)
    }
    return sum / count
  }
  const total = (a: number[][][], b: number[][][], weight: (same: boolean) => number) =>
    a.reduce((sum, x, i) => sum + b.reduce((inner, y, j) => inner + weight(i === j) * k(x, y), 0), 0)
  const within = (rows: number[][][]) => {
    const n = rows.length
    return estimator === 'biased'
      ? total(rows, rows, () => 1 / n ** 2)
      : total(rows, rows, (same) => (same ? 0 : 1 / (n * (n - 1))))
  }
  return within(source) + within(target) - 2 * total(source, target, () => 1 / (source.length * target.length))
}

const shapes = fc.record({
  rows: fc.integer({ min: 2, max: 6 }),
  others: fc.integer({ min: 2, max: 6 }),
  seed: fc.nat(9999),
  estimator: fc.constantFrom('unbiased' as const, 'biased' as const, 'linear' as const),
})

describe('the joint discrepancy', () => {
  it('is the explicit sums, with the gradient of central differences', async () => {
    await fc.assert(
      fc.asyncProperty(shapes, async ({ rows, others, seed, estimator }) => {
        const inputs = inputsOf(seed, rows, others)
        const example = of(inputs, estimator)
        const expected = byHand(inputs, estimator)
        expect(Math.abs(exactly(example).value![0]! - expected)).toBeLessThan(1e-7)
        expect(Math.abs((await ran(runtime, example)).value![0]! - expected)).toBeLessThan(2e-5)
        const check = await checkGradient(runtime, example)
        expect(check.exact).toBeLessThan(1e-5)
        expect(check.run).toBeLessThan(1e-3)
      }),
      { numRuns: 30 },
    )
  })

  it('of one layer with one kernel is the discrepancy of that layer, at the median of the batch', () => {
    for (const estimator of ['unbiased', 'biased', 'linear'] as const) {
      const example = fragment({ s: drawn(1, 5, 3), t: drawn(2, 4, 3) }, (graph) => ({
        joint: jointMmd(graph, [{ source: 's', target: 't' }], { estimator }),
        plain: mmdLoss(graph, 's', 't', { estimator, factors: [1] }),
      }))
      const { joint, plain } = exactly(example)
      expect(joint![0]!).toBeCloseTo(plain![0]!, 12)
    }
  })

  it('tells domains apart whose layers agree each by itself', () => {
    const column = (...values: number[]) => tensor('float32', [values.length, 1], Float32Array.from(values))
    const [a, straight, crossed] = [column(-1, -1, 1, 1), column(-1, -1, 1, 1), column(1, 1, -1, -1)]
    const options = { bandwidth: 1, factors: [1] }
    const value = (s1: Tensor, t1: Tensor) =>
      exactly(
        fragment({ a, s1, t1 }, (graph) => ({
          joint: jointMmd(
            graph,
            [
              { source: 'a', target: 'a', ...options },
              { source: 's1', target: 't1', ...options },
            ],
            { estimator: 'biased' },
          ),
          second: mmdLoss(graph, 's1', 't1', { ...options, estimator: 'biased' }),
        })),
      )
    expect(Math.abs(value(straight, crossed).second![0]!)).toBeLessThan(1e-12)
    expect(value(straight, crossed).joint![0]!).toBeGreaterThan(0.5)
    expect(Math.abs(value(straight, straight).joint![0]!)).toBeLessThan(1e-12)
  })

  it('refuses to be of no layer', () => {
    expect(() => fragment({}, (graph) => ({ value: jointMmd(graph, []) }))).toThrow(/needs layers, got none/)
  })
})

describe('the adversary of the joint discrepancy', () => {
  const inputs = { s: drawn(1, 4, 2), t: drawn(2, 3, 2), w: drawn(3, 2, 2) }
  const through = (adversarial: boolean) =>
    fragment(inputs, (graph) => {
      const transform = (of: typeof graph, x: string) => of.node('MatMul', [x, 'w'])
      const seen = (x: string) => (adversarial ? adversarialFeature(graph, x, transform) : transform(graph, x))
      return { value: jointMmd(graph, [{ source: seen('s'), target: seen('t'), bandwidth: 4 }]) }
    })

  it('leaves the value and the gradient of features, and turns that of its own weights around', async () => {
    expect(exactly(through(true)).value![0]!).toBe(exactly(through(false)).value![0]!)
    const [plain, turned] = await Promise.all(
      [through(false), through(true)].map((each) => gradientsOf(runtime, each, 'value', ['s', 't', 'w'])),
    )
    expect(Math.hypot(...plain!.w!)).toBeGreaterThan(1e-3)
    plain!.w!.forEach((value, i) => {
      expect(turned!.w![i]!).toBeCloseTo(-value, 6)
    })
    for (const name of ['s', 't'])
      plain![name]!.forEach((value, i) => {
        expect(turned![name]![i]!).toBeCloseTo(value, 6)
      })
  })
})
