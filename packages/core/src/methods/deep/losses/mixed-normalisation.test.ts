import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { int } from '../../../onnx/index.ts'
import { nodeRuntime } from '../../../runtime/index.ts'
import { seededRandom, sizeOf, type Tensor, tensor } from '../../../tensor/index.ts'
import { drawTensor } from '../../../testing/draw.ts'
import { exactly, fragment, gradientsOf, ran } from '../../../testing/fragment.ts'
import { checkGradient } from '../../../testing/gradient-check.ts'
import { mixedNormalisation } from './mixed-normalisation.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const scalar = (value: number) => tensor('float32', [], Float32Array.of(value))

/** The numbers of each channel: axis 1 of `N × C` or `N × C × H × W`. */
function channel({ dims, data }: Tensor, c: number): number[] {
  const inner = sizeOf(dims.slice(2))
  return Array.from(data as Float32Array).filter((_, k) => Math.floor(k / inner) % dims[1]! === c)
}

/** Mean and variance of a mixture, as its first two moments. */
function mixture(own: readonly number[], other: readonly number[], alpha: number) {
  const moment = (list: readonly number[], power: number) =>
    list.reduce((sum, value) => sum + value ** power, 0) / list.length
  const both = (power: number) => alpha * moment(own, power) + (1 - alpha) * moment(other, power)
  return { mean: both(1), variance: both(2) - both(1) ** 2 }
}

const of = (source: Tensor, target: Tensor, alpha: Tensor) =>
  fragment({ s: source, t: target, alpha }, (graph) => {
    const axes = source.dims.length === 2 ? [0] : [0, 2, 3]
    return { ...mixedNormalisation(graph, 's', 't', 'alpha', { axes, epsilon: 1e-3 }) }
  })

const cases = fc.record({
  rows: fc.integer({ min: 1, max: 5 }),
  others: fc.integer({ min: 1, max: 5 }),
  image: fc.boolean(),
  alpha: fc.double({ min: 0.5, max: 1, noNaN: true }),
  seed: fc.nat(9999),
})

describe('normalisation by mixed statistics', () => {
  it('is by the moments of either mixture', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ rows, others, image, alpha, seed }) => {
        const random = seededRandom(seed)
        const rest = image ? [2, 2] : []
        const source = drawTensor(random, 'float32', [rows, 3, ...rest])
        const target = drawTensor(random, 'float32', [others, 3, ...rest], 0, 2)
        const factor = Math.fround(alpha)
        const example = of(source, target, scalar(factor))
        const found = exactly(example)
        const run = await ran(runtime, example)
        const as = (dims: readonly number[], data: Float64Array) => ({ type: 'float64', dims, data }) as const
        for (const c of [0, 1, 2]) {
          const [s, t] = [channel(source, c), channel(target, c)]
          for (const [name, own, other] of [
            ['source', s, t],
            ['target', t, s],
          ] as const) {
            const { mean, variance } = mixture(own, other, factor)
            const dims = name === 'source' ? source.dims : target.dims
            const got = channel(as(dims, found[name]!) as Tensor, c)
            own.forEach((value, k) => {
              expect(Math.abs(got[k]! - (value - mean) / Math.sqrt(variance + 1e-3))).toBeLessThan(1e-5)
            })
            if (name === 'source') continue
            expect(found.targetMean![c]!).toBeCloseTo(mean, 6)
            expect(found.targetVariance![c]!).toBeCloseTo(variance, 5)
          }
        }
        found.target!.forEach((value, k) => {
          expect(Math.abs(run.target![k]! - value)).toBeLessThan(1e-3)
        })
      }),
      { numRuns: 40 },
    )
  })

  it('has the gradient of central differences by both batches and by the mixing', async () => {
    for (const [seed, dims] of [
      [1, [4, 3]],
      [2, [2, 2, 3, 2]],
    ] as const) {
      const random = seededRandom(seed)
      const source = drawTensor(random, 'float32', dims)
      const target = drawTensor(random, 'float32', [3, ...dims.slice(1)], 0, 2)
      const check = await checkGradient(runtime, of(source, target, scalar(0.7)))
      expect(check.exact).toBeLessThan(1e-5)
      expect(check.run).toBeLessThan(1e-3)
    }
  })

  it('is each domain’s own at 1, and one for both at 0.5', () => {
    const [source, target] = [
      drawTensor(seededRandom(3), 'float32', [5, 2]),
      drawTensor(seededRandom(4), 'float32', [4, 2], 1, 2),
    ]
    const own = exactly(of(source, target, scalar(1)))
    const sum = (list: readonly number[]) => list.reduce((total, value) => total + value, 0)
    expect(sum([0, 1, 2, 3, 4].map((i) => own.source![2 * i]!))).toBeCloseTo(0, 6)
    expect(sum([0, 1, 2, 3].map((i) => own.target![2 * i]!))).toBeCloseTo(0, 6)
    const same = exactly(of(source, source, scalar(0.5)))
    expect([...same.source!]).toEqual([...same.target!])
    const both = exactly(of(source, target, scalar(0.5)))
    const [s, t] = [channel(source, 0), channel(target, 0)]
    expect(both.targetMean![0]!).toBeCloseTo((sum(s) / 5 + sum(t) / 4) / 2, 6)
  })

  it('takes a mixing outside of its range as the nearer end, and lets it come back', async () => {
    const [source, target] = [
      drawTensor(seededRandom(5), 'float32', [4, 2]),
      drawTensor(seededRandom(6), 'float32', [3, 2], 0, 2),
    ]
    for (const [outside, end] of [
      [1.3, 1],
      [0.2, 0.5],
    ] as const) {
      const [beyond, at] = [outside, end].map((alpha) => of(source, target, scalar(alpha)))
      const [found, expected] = [exactly(beyond!), exactly(at!)]
      found.source!.forEach((value, k) => {
        expect(value).toBeCloseTo(expected.source![k]!, 6)
      })
      const slope = async (alpha: number) => {
        const summed = fragment({ s: source, t: target, alpha: scalar(alpha) }, (graph) => {
          const { source: normalised } = mixedNormalisation(graph, 's', 't', 'alpha')
          return { value: graph.node('ReduceSum', [normalised], { keepdims: int(0) }) }
        })
        return (await gradientsOf(runtime, summed, 'value', ['alpha'])).alpha![0]!
      }
      expect(await slope(outside)).toBeCloseTo(await slope(end), 4)
      expect(Math.abs(await slope(outside))).toBeGreaterThan(1e-3)
    }
  })

  it('of one row and of zeros is finite', async () => {
    const zeros = (rows: number) => tensor('float32', [rows, 2], new Float32Array(rows * 2))
    for (const [source, target] of [
      [zeros(3), zeros(2)],
      [zeros(1), zeros(1)],
    ]) {
      const { source: s, target: t } = await ran(runtime, of(source!, target!, scalar(0.8)))
      expect([...s!, ...t!]).toEqual(new Array(s!.length + t!.length).fill(0))
    }
  })
})
