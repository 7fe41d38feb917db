import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../runtime/index.ts'
import { seededRandom, type Tensor, vectorTensor } from '../../tensor/index.ts'
import { type Example, oneNode } from '../../testing/against-runtime.ts'
import { drawDims, drawNarrower, drawTensor, tensorFrom } from '../../testing/draw.ts'
import { sumGradients } from '../../testing/sum-gradients.ts'
import { awayFrom, wrongGradients } from '../../testing/wrong-gradients.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const power = (base: Tensor, exponent: Tensor, stored: readonly number[] = []): Example =>
  oneNode('Pow', [base, exponent], {}, { opset: 18, stored })

const floats = fc.constantFrom('float32' as const, 'float64' as const)

/** The gradient of the sum of `base` to the powers `exponent` by one of the two. */
const slopes = async (base: Tensor, exponent: Tensor, stored: number[], by: string): Promise<number[]> =>
  (await sumGradients(runtime, power(base, exponent, stored), [by]))[0]!

describe('Pow with exponents that change', () => {
  it('passes the gradient to base and exponent, broadcast', async () => {
    const wanted = fc.constantFrom(undefined, ['input_0'], ['input_1'])
    await fc.assert(
      fc.asyncProperty(fc.nat(10_000), floats, fc.boolean(), wanted, async (seed, type, swapped, by) => {
        const random = seededRandom(seed)
        const dims = drawDims(random, 1, 3)
        const shapes = swapped ? [drawNarrower(random, dims), dims] : [dims, drawNarrower(random, dims)]
        const base = drawTensor(random, type, shapes[0]!, 0.2, 2)
        expect(await wrongGradients(runtime, power(base, drawTensor(random, type, shapes[1]!)), by)).toEqual([])
      }),
      { numRuns: 40 },
    )
  })

  it('takes the base of one float type and the exponent of another', async () => {
    const [base, exponent] = [tensorFrom('float32', [1], [2]), vectorTensor([3, 0.5])]
    const [byBase] = await slopes(base, exponent, [], 'input_0')
    expect(byBase).toBeCloseTo(3 * 4 + 0.5 / Math.SQRT2, 5)
    const byExponent = await slopes(base, exponent, [], 'input_1')
    expect(byExponent[0]).toBeCloseTo(8 * Math.LN2, 5)
    expect(byExponent[1]).toBeCloseTo(Math.SQRT2 * Math.LN2, 5)
  })

  it('takes whole exponents, with bases of either sign', async () => {
    const base = awayFrom(drawTensor(seededRandom(1), 'float32', [2, 3]), [0], 0.3)
    expect(await wrongGradients(runtime, power(base, tensorFrom('int64', [3], [2, -1, 3])))).toEqual([])
    expect(await wrongGradients(runtime, power(base, tensorFrom('float32', [3], [2, -1, 3])), ['input_0'])).toEqual([])
  })

  it('is finite at 0 and for negative bases', async () => {
    const base = vectorTensor([0, 0, 0, 0, -2])
    const exponents = vectorTensor([1, 2, 1.5, 0, 2])
    expect(await slopes(base, exponents, [], 'input_0')).toEqual([1, 0, 0, 0, -4])
    expect(await slopes(base, exponents, [], 'input_1')).toEqual([0, 0, 0, 0, 0])
    expect(await slopes(vectorTensor([0]), vectorTensor([0.3]), [], 'input_0')).toEqual([0])
  })
})

describe('Pow with a known exponent', () => {
  it.each([-3, -2, -1, 0, 1, 2, 3, 4, 5])('passes the gradient for %d, with bases of either sign', async (exponent) => {
    const types = fc.constantFrom('float32' as const, 'float64' as const, 'int64' as const, 'int32' as const)
    await fc.assert(
      fc.asyncProperty(fc.nat(10_000), types, floats, async (seed, exponentType, type) => {
        const random = seededRandom(seed)
        const dims = drawDims(random, 0, 3)
        const base = awayFrom(drawTensor(random, type, dims, -2, 2), [0], 0.3)
        const far = {
          ...base,
          data: (base.data as Float64Array).map((x) => (Math.abs(x) < 0.3 ? x - 0.6 : x)),
        } as Tensor
        expect(await wrongGradients(runtime, power(far, tensorFrom(exponentType, [], [exponent]), [1]))).toEqual([])
      }),
      { numRuns: 30 },
    )
  })

  it.each([-1.5, -0.5, 0.3, 0.5, 1.5, 2.5])('passes the gradient for %d', async (exponent) => {
    await fc.assert(
      fc.asyncProperty(fc.nat(10_000), floats, async (seed, type) => {
        const random = seededRandom(seed)
        const base = drawTensor(random, type, drawDims(random, 0, 3), 0.2, 3)
        expect(await wrongGradients(runtime, power(base, tensorFrom('float32', [], [exponent]), [1]))).toEqual([])
      }),
      { numRuns: 30 },
    )
  })

  it('passes the gradient where the exponents differ, or the base is broadcast to them', async () => {
    const base = drawTensor(seededRandom(1), 'float32', [2, 1], 0.5, 2)
    expect(await wrongGradients(runtime, power(base, tensorFrom('float32', [3], [2, 0.5, -1]), [1]))).toEqual([])
    for (const same of [2, 3, 0.5, -1, -0.5, 1.7]) {
      expect(await wrongGradients(runtime, power(base, tensorFrom('float32', [3], [same, same, same]), [1]))).toEqual(
        [],
      )
    }
  })

  it('is finite at 0', async () => {
    for (const [exponent, expected] of [
      [2, 0],
      [3, 0],
      [4, 0],
      [1.5, 0],
      [1, 1],
      [0.3, 0],
      [-2, 0],
    ] as const) {
      expect(await slopes(vectorTensor([0]), vectorTensor([exponent]), [1], 'input_0')).toEqual([expected])
    }
    for (const exponent of [0.5, -0.5, -1]) {
      const [slope] = await slopes(vectorTensor([0]), vectorTensor([exponent]), [1], 'input_0')
      expect(Math.abs(slope!)).toBeGreaterThan(1e100)
      expect(Math.abs(slope!)).toBeLessThan(Infinity)
    }
  })
})
