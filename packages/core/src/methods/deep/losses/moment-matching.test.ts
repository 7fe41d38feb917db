import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../../runtime/index.ts'
import { seededRandom, type Tensor, tensor } from '../../../tensor/index.ts'
import { drawTensor } from '../../../testing/draw.ts'
import { exactly, fragment, gradientsOf, ran } from '../../../testing/fragment.ts'
import { checkGradient } from '../../../testing/gradient-check.ts'
import { momentDistance } from './moment-matching.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const moment = ({ dims: [n, d], data }: Tensor, k: number): number[] =>
  Array.from({ length: d! }, (_, j) => {
    let sum = 0
    for (let i = 0; i < n!; i++) sum += Number(data[i * d! + j]) ** k
    return sum / n!
  })

function byHand(sources: readonly Tensor[], target: Tensor, moments: number): number {
  const distance = (a: Tensor, b: Tensor, k: number) =>
    Math.hypot(...moment(a, k).map((value, j) => value - moment(b, k)[j]!))
  let total = 0
  for (let k = 1; k <= moments; k++) {
    for (const source of sources) total += distance(source, target, k) / sources.length
    const pairs = (sources.length * (sources.length - 1)) / 2
    sources.forEach((a, i) => {
      for (const b of sources.slice(i + 1)) total += distance(a, b, k) / pairs
    })
  }
  return total
}

function of(sources: readonly Tensor[], target: Tensor, moments?: number) {
  const named = Object.fromEntries(sources.map((source, i) => [`s${i}`, source]))
  return fragment({ ...named, target }, (graph) => ({
    value: momentDistance(graph, Object.keys(named), 'target', moments === undefined ? {} : { moments }),
  }))
}

describe('the moment distance', () => {
  it('is the explicit sums over sources and their pairs, with the gradient of central differences', async () => {
    const cases = fc.record({
      rows: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
      others: fc.integer({ min: 1, max: 4 }),
      moments: fc.constantFrom(1, 2, 3),
      seed: fc.nat(9999),
    })
    await fc.assert(
      fc.asyncProperty(cases, async ({ rows, others, moments, seed }) => {
        const random = seededRandom(seed)
        const sources = rows.map((n) => drawTensor(random, 'float32', [n, 3]))
        const target = drawTensor(random, 'float32', [others, 3])
        const example = of(sources, target, moments)
        const expected = byHand(sources, target, moments)
        expect(Math.abs(exactly(example).value![0]! - expected)).toBeLessThan(1e-6 * (1 + expected))
        expect(Math.abs((await ran(runtime, example)).value![0]! - expected)).toBeLessThan(1e-5 * (1 + expected))
        const check = await checkGradient(runtime, example)
        expect(check.exact).toBeLessThan(1e-4)
        expect(check.run).toBeLessThan(1e-3)
      }),
      { numRuns: 25 },
    )
  })

  it('has two moments unless told otherwise', () => {
    const [a, b] = [drawTensor(seededRandom(1), 'float32', [4, 2]), drawTensor(seededRandom(2), 'float32', [3, 2])]
    expect(exactly(of([a], b)).value![0]!).toBeCloseTo(byHand([a], b, 2), 6)
  })

  it('is zero for equal samples, with no gradient there', async () => {
    const x = drawTensor(seededRandom(3), 'float32', [4, 2])
    const example = of([x, x], x)
    expect((await ran(runtime, example)).value![0]!).toBe(0)
    const { s0 } = await gradientsOf(runtime, example, 'value', ['s0'])
    expect([...s0!].every((value) => value === 0)).toBe(true)
  })

  it('refuses no source, and moments below the first', () => {
    const x = tensor('float32', [1, 1], Float32Array.of(1))
    expect(() => of([], x)).toThrow(/got no source/)
    expect(() => of([x], x, 0)).toThrow(/counted from 1, got 0/)
  })
})
