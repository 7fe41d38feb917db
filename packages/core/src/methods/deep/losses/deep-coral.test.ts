import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../../runtime/index.ts'
import { seededRandom, type Tensor, tensor } from '../../../tensor/index.ts'
import { drawTensor } from '../../../testing/draw.ts'
import { exactly, fragment, gradientsOf, ran } from '../../../testing/fragment.ts'
import { checkGradient } from '../../../testing/gradient-check.ts'
import { deepCoral } from './deep-coral.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const of = (source: Tensor, target: Tensor) =>
  fragment({ source, target }, (graph) => ({ value: deepCoral(graph, 'source', 'target') }))

const at = ({ dims, data }: Tensor, i: number, j: number) => Number(data[i * dims[1]! + j]!)

function covariance(x: Tensor, j: number, k: number): number {
  const n = x.dims[0]!
  const mean = (c: number) => Array.from({ length: n }, (_, i) => at(x, i, c)).reduce((a, b) => a + b) / n
  const [a, b] = [mean(j), mean(k)]
  let sum = 0
  for (let i = 0; i < n; i++) sum += (at(x, i, j) - a) * (at(x, i, k) - b)
  return sum / Math.max(1, n - 1)
}

function byHand(source: Tensor, target: Tensor): number {
  const d = source.dims[1]!
  let sum = 0
  for (let j = 0; j < d; j++) {
    for (let k = 0; k < d; k++) sum += (covariance(source, j, k) - covariance(target, j, k)) ** 2
  }
  return sum / (4 * d * d)
}

const cases = fc.record({
  rows: fc.integer({ min: 1, max: 6 }),
  others: fc.integer({ min: 1, max: 6 }),
  width: fc.integer({ min: 1, max: 4 }),
  seed: fc.nat(9999),
})
const drawn = (seed: number, rows: number, width: number) => drawTensor(seededRandom(seed), 'float32', [rows, width])

describe('the correlation loss', () => {
  it('is the explicit sums, with the gradient of central differences', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ rows, others, width, seed }) => {
        const [source, target] = [drawn(seed, rows, width), drawn(seed + 1, others, width)]
        const example = of(source, target)
        const expected = byHand(source, target)
        expect(Math.abs(exactly(example).value![0]! - expected)).toBeLessThan(1e-6 * (1 + expected))
        expect(Math.abs((await ran(runtime, example)).value![0]! - expected)).toBeLessThan(1e-4 * (1 + expected))
        fc.pre(rows > 1 || others > 1)
        const check = await checkGradient(runtime, example)
        expect(check.exact).toBeLessThan(1e-5)
        expect(check.run).toBeLessThan(1e-3)
      }),
      { numRuns: 40 },
    )
  })

  it('is zero, with no gradient, for samples that differ by a shift and in their order', async () => {
    const x = drawn(5, 6, 3)
    const moved = Array.from({ length: 6 }, (_, i) => [0, 1, 2].map((j) => at(x, 5 - i, j) + 2 * j - 1)).flat()
    const example = of(x, tensor('float32', [6, 3], Float32Array.from(moved)))
    expect(exactly(example).value![0]!).toBeLessThan(1e-12)
    const { source } = await gradientsOf(runtime, example, 'value', ['source'])
    for (const value of source!) expect(Math.abs(value)).toBeLessThan(1e-6)
  })

  it('of one row each, of zeros and of identical rows is zero', async () => {
    const alike = (rows: number, fill: number) => tensor('float32', [rows, 2], new Float32Array(rows * 2).fill(fill))
    for (const [source, target] of [
      [drawn(1, 1, 2), drawn(2, 1, 2)],
      [alike(3, 0), alike(2, 0)],
      [alike(3, 5), alike(2, -5)],
    ]) {
      const example = of(source!, target!)
      expect((await ran(runtime, example)).value![0]!).toBe(0)
      const { source: gradient } = await gradientsOf(runtime, example, 'value', ['source'])
      expect([...gradient!].every((value) => value === 0)).toBe(true)
    }
  })
})
