import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../../runtime/index.ts'
import { seededRandom, type Tensor, tensor } from '../../../tensor/index.ts'
import { drawTensor } from '../../../testing/draw.ts'
import { exactly, fragment, gradientsOf, ran } from '../../../testing/fragment.ts'
import { checkGradient } from '../../../testing/gradient-check.ts'
import { kernelStatistics, type MmdLossOptions, mmdLoss } from './mmd.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const rowsOf = ({ dims, data }: Tensor): number[][] =>
  Array.from({ length: dims[0]! }, (_, i) => Array.from(data as Float32Array).slice(i * dims[1]!, (i + 1) * dims[1]!))

const squared = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, j) => sum + (x - b[j]!) ** 2, 0)

const mean = (list: readonly number[]) => list.reduce((sum, x) => sum + x, 0) / list.length

const median = (list: readonly number[]) => {
  const sorted = list.toSorted((a, b) => a - b)
  return mean([sorted[(sorted.length - 1) >> 1]!, sorted[sorted.length >> 1]!])
}

/** The squared distances that a bandwidth is found from. */
function distancesFor(source: number[][], target: number[][], estimator: MmdLossOptions['estimator']): number[] {
  if (estimator === 'linear') return quadruplesOf(source, target).flatMap((rows) => fourDistances(rows))
  const all = [...source, ...target]
  return all.flatMap((a, i) => all.slice(0, i).map((b) => squared(a, b)))
}

const quadruplesOf = (source: number[][], target: number[][]) =>
  Array.from({ length: Math.floor(Math.min(source.length, target.length) / 2) }, (_, i) => [
    source[2 * i]!,
    source[2 * i + 1]!,
    target[2 * i]!,
    target[2 * i + 1]!,
  ])

const fourDistances = ([s, s2, t, t2]: number[][]) => [
  squared(s!, s2!),
  squared(t!, t2!),
  squared(s!, t2!),
  squared(s2!, t!),
]

/** The formula as explicit sums. */
function byHand(source: number[][], target: number[][], options: MmdLossOptions): number {
  const { estimator = 'unbiased', bandwidth = 'median', factors = [0.25, 0.5, 1, 2, 4], weights } = options
  const distances = distancesFor(source, target, estimator)
  const width = typeof bandwidth === 'number' ? bandwidth : bandwidth === 'mean' ? mean(distances) : median(distances)
  return factors.reduce((sum, factor, u) => {
    const weight = (weights as readonly number[] | undefined)?.[u] ?? 1 / factors.length
    const kernel = (d: number) => Math.exp(-d / (factor * width))
    const k = (a: number[], b: number[]) => kernel(squared(a, b))
    const within = (rows: number[][]) => {
      let total = 0
      for (let i = 0; i < rows.length; i++) {
        for (let j = 0; j < rows.length; j++) if (i !== j || estimator === 'biased') total += k(rows[i]!, rows[j]!)
      }
      return total / (estimator === 'biased' ? rows.length ** 2 : Math.max(1, rows.length * (rows.length - 1)))
    }
    const term =
      estimator === 'linear'
        ? mean(
            quadruplesOf(source, target).map((rows) => {
              const [ss, tt, st, ts] = fourDistances(rows).map(kernel)
              return ss! + tt! - st! - ts!
            }),
          )
        : within(source) + within(target) - 2 * mean(source.flatMap((a) => target.map((b) => k(a, b))))
    return sum + weight * term
  }, 0)
}

const of = (source: Tensor, target: Tensor, options: MmdLossOptions = {}) =>
  fragment({ source, target }, (graph) => ({ value: mmdLoss(graph, 'source', 'target', options) }))

const drawn = (seed: number, rows: number, width: number, offset = 0): Tensor => {
  const numbers = drawTensor(seededRandom(seed), 'float32', [rows, width])
  return tensor(
    'float32',
    [rows, width],
    (numbers.data as Float32Array).map((x) => x + offset),
  )
}

const settings = fc.record({
  estimator: fc.constantFrom('unbiased' as const, 'biased' as const, 'linear' as const),
  bandwidth: fc.constantFrom('median' as const, 'mean' as const, 3),
  factors: fc.constantFrom([1], [0.5, 1, 2], [0.25, 0.5, 1, 2, 4]),
})
const shapes = fc.record({
  rows: fc.integer({ min: 2, max: 7 }),
  others: fc.integer({ min: 2, max: 7 }),
  width: fc.integer({ min: 1, max: 4 }),
  seed: fc.integer({ min: 0, max: 9999 }),
})

describe('the discrepancy', () => {
  it('is the explicit sums, for any number of rows in either domain', async () => {
    await fc.assert(
      fc.asyncProperty(settings, shapes, async (options, { rows, others, width, seed }) => {
        const [source, target] = [drawn(seed, rows, width), drawn(seed + 1, others, width, 0.5)]
        const example = of(source, target, options)
        const expected = byHand(rowsOf(source), rowsOf(target), options)
        expect(Math.abs(exactly(example).value![0]! - expected)).toBeLessThan(1e-7)
        expect(Math.abs((await ran(runtime, example)).value![0]! - expected)).toBeLessThan(2e-5)
      }),
      { numRuns: 60 },
    )
  })

  it('has the gradient of central differences at the bandwidth of the batch', async () => {
    await fc.assert(
      fc.asyncProperty(settings, shapes, async (options, { rows, others, width, seed }) => {
        const [source, target] = [drawn(seed, rows, width), drawn(seed + 1, others, width, 0.5)]
        const { bandwidth } = options
        const distances = distancesFor(rowsOf(source), rowsOf(target), options.estimator)
        const width2 = typeof bandwidth === 'number' ? bandwidth : (bandwidth === 'mean' ? mean : median)(distances)
        fc.pre(width2 > 0.5)
        const fixed = of(source, target, { ...options, bandwidth: width2 })
        const check = await checkGradient(runtime, fixed)
        expect(check.exact).toBeLessThan(1e-5)
        expect(check.run).toBeLessThan(1e-3)
        const [expected, found] = await Promise.all(
          [fixed, of(source, target, options)].map((each) => gradientsOf(runtime, each, 'value', ['source', 'target'])),
        )
        for (const name of ['source', 'target']) {
          found![name]!.forEach((value, i) => {
            expect(value).toBeCloseTo(expected![name]![i]!, 5)
          })
        }
      }),
      { numRuns: 25 },
    )
  })

  it('takes the weights of kernels, given as numbers or as a value of the graph', () => {
    const [source, target] = [drawn(1, 5, 3), drawn(2, 4, 3, 1)]
    const weights = [0.5, 0, 0.25]
    const options = { factors: [0.5, 1, 2], bandwidth: 4 }
    const expected = byHand(rowsOf(source), rowsOf(target), { ...options, weights })
    const given = exactly(of(source, target, { ...options, weights })).value![0]!
    expect(given).toBeCloseTo(expected, 10)
    const beta = tensor('float32', [3], Float32Array.from(weights))
    const example = fragment({ source, target, beta }, (graph) => ({
      value: mmdLoss(graph, 'source', 'target', { ...options, weights: 'beta' }),
    }))
    expect(exactly(example).value![0]!).toBeCloseTo(expected, 10)
  })

  it('does not depend on the order of rows, on turning or on moving both domains', () => {
    fc.assert(
      fc.property(shapes, ({ rows, others, seed }) => {
        const [source, target] = [drawn(seed, rows, 2), drawn(seed + 1, others, 2, 1)]
        const value = exactly(of(source, target)).value![0]!
        const turned = (x: Tensor) => {
          const moved = rowsOf(x)
            .map(([a, b]) => [0.6 * a! - 0.8 * b! + 7, 0.8 * a! + 0.6 * b! - 3])
            .toReversed()
          return tensor('float32', x.dims, Float32Array.from(moved.flat()))
        }
        expect(exactly(of(turned(source), turned(target))).value![0]!).toBeCloseTo(value, 5)
      }),
      { numRuns: 40 },
    )
  })

  it('of equal samples is zero when biased, and never below', async () => {
    await fc.assert(
      fc.asyncProperty(shapes, async ({ rows, others, width, seed }) => {
        const [source, target] = [drawn(seed, rows, width), drawn(seed + 1, others, width)]
        expect(Math.abs(exactly(of(source, source, { estimator: 'biased' })).value![0]!)).toBeLessThan(1e-7)
        expect(exactly(of(source, target, { estimator: 'biased' })).value![0]!).toBeGreaterThan(-1e-7)
      }),
      { numRuns: 30 },
    )
  })

  it.each(['median', 'mean', 2] as const)(
    'is finite where all rows are alike, by %s, and so is its gradient',
    async (bandwidth) => {
      for (const fill of [0, 1, 1000]) {
        for (const estimator of ['biased', 'unbiased', 'linear'] as const) {
          const alike = (rows: number) => tensor('float32', [rows, 3], new Float32Array(rows * 3).fill(fill))
          const example = of(alike(4), alike(3), { bandwidth, estimator })
          expect(Math.abs((await ran(runtime, example)).value![0]!)).toBeLessThan(1e-6)
          const { source } = await gradientsOf(runtime, example, 'value', ['source'])
          for (const value of source!) expect(Math.abs(value)).toBeLessThan(1e-3)
        }
      }
    },
  )

  it('of one row each has no part within a domain, except biased; the linear one is zero', async () => {
    const row = (...values: number[]) => tensor('float32', [1, 2], Float32Array.from(values))
    const [source, target] = [row(0, 0), row(1, 1)]
    const options = { bandwidth: 2, factors: [1] }
    const values = async (estimator: MmdLossOptions['estimator'] & string) => {
      const example = of(source, target, { ...options, estimator })
      const { source: gradient } = await gradientsOf(runtime, example, 'value', ['source'])
      expect([...gradient!].every(Number.isFinite)).toBe(true)
      return (await ran(runtime, example)).value![0]!
    }
    expect(await values('unbiased')).toBeCloseTo(-2 * Math.exp(-1), 6)
    expect(await values('biased')).toBeCloseTo(2 - 2 * Math.exp(-1), 6)
    expect(await values('linear')).toBe(0)
    const found = of(source, target, { estimator: 'linear' })
    expect((await ran(runtime, found)).value![0]!).toBe(0)
  })

  it('keeps its digits far from the origin', async () => {
    const [source, target] = [drawn(3, 6, 4, 500), drawn(4, 6, 4, 500.5)]
    const expected = byHand(rowsOf(source), rowsOf(target), {})
    expect(Math.abs((await ran(runtime, of(source, target))).value![0]! - expected)).toBeLessThan(1e-4)
  })

  it('refuses kernels and weights that are none', () => {
    const x = drawn(1, 2, 2)
    expect(() => of(x, x, { bandwidth: 0 })).toThrow(/bandwidth of a kernel is positive, got 0/)
    expect(() => of(x, x, { factors: [] })).toThrow(/positive factors of the bandwidth, got none/)
    expect(() => of(x, x, { factors: [1, -1] })).toThrow(/got 1, -1/)
    expect(() => of(x, x, { factors: [1, 2], weights: [1] })).toThrow(/2 kernels need 2 weights/)
    expect(() => of(x, x, { factors: [1], weights: [-1] })).toThrow(/not negative, got -1/)
  })
})

describe('the terms of the linear estimate', () => {
  it('are a row per quadruple and a column per kernel, and their mean is the estimate', () => {
    const [source, target] = [drawn(5, 7, 3), drawn(6, 5, 3)]
    const options = { bandwidth: 3, factors: [0.5, 2] }
    const { terms } = exactly(
      fragment({ source, target }, (graph) => ({ terms: kernelStatistics(graph, 'source', 'target', options) })),
    )
    expect(terms).toHaveLength(4)
    const [first] = quadruplesOf(rowsOf(source), rowsOf(target))
    const [ss, tt, st, ts] = fourDistances(first!).map((d) => Math.exp(-d / 1.5))
    expect(terms![0]!).toBeCloseTo(ss! + tt! - st! - ts!, 8)
    const value = exactly(of(source, target, { ...options, estimator: 'linear' })).value![0]!
    expect(mean([...terms!])).toBeCloseTo(value, 10)
  })
})
