import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../runtime/index.ts'
import { seededRandom, vectorTensor } from '../../tensor/index.ts'
import { oneNode } from '../../testing/against-runtime.ts'
import { drawTensor, tensorFrom } from '../../testing/draw.ts'
import { maskedSumGradients, sumGradients } from '../../testing/sum-gradients.ts'
import { awayFrom, wrongGradients } from '../../testing/wrong-gradients.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const anywhere = [-3, 3] as const
const positive = [0.1, 4] as const
const unit = [-0.95, 0.95] as const

/** Each function, where it is defined, and whether ONNX Runtime computes it in float64. */
const functions: [op: string, range: readonly [number, number], double: boolean][] = [
  ['Neg', anywhere, true],
  ['Abs', anywhere, true],
  ['Sqrt', positive, true],
  ['Reciprocal', anywhere, true],
  ['Exp', anywhere, true],
  ['Log', positive, true],
  ['Erf', anywhere, false],
  ['Sin', anywhere, true],
  ['Cos', anywhere, true],
  ['Tan', [-1.2, 1.2], false],
  ['Asin', unit, false],
  ['Acos', unit, false],
  ['Atan', anywhere, false],
  ['Sinh', anywhere, false],
  ['Cosh', anywhere, false],
  ['Asinh', anywhere, false],
  ['Acosh', [1.05, 4], false],
  ['Atanh', unit, false],
  ['Identity', anywhere, true],
]

describe('functions of one number', () => {
  it.each(functions)('%s passes the gradient', async (op, range, double) => {
    const dims = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 3 })
    const type = double ? fc.constantFrom('float32' as const, 'float64' as const) : fc.constant('float32' as const)
    await fc.assert(
      fc.asyncProperty(dims, type, fc.nat(1000), async (dims, type, seed) => {
        const x = drawTensor(seededRandom(seed), type, dims, ...range)
        const kinks = op === 'Abs' ? [0] : []
        const gap = op === 'Reciprocal' ? 0.1 : undefined
        expect(
          await wrongGradients(runtime, oneNode(op, [awayFrom(x, gap ? [0] : kinks, gap)], {}, { opset: 18 })),
        ).toEqual([])
      }),
      { numRuns: 30 },
    )
  })
})

describe('functions at their kinks and poles', () => {
  it('is 0 for the absolute value of 0', async () => {
    const example = oneNode('Abs', [vectorTensor([-2, 0, 3])], {}, { opset: 18 })
    expect(await sumGradients(runtime, example)).toEqual([[-1, 0, 1]])
  })

  it.each([
    ['Sqrt', 0, 0.25],
    ['Sqrt', -1, 0.25],
    ['Log', 0, 0.25],
    ['Log', -1, 0.25],
    ['Reciprocal', 0, -0.0625],
    ['Asin', 1, undefined],
    ['Acos', -1, undefined],
    ['Acosh', 1, undefined],
    ['Atanh', 1, undefined],
  ])('is 0, not NaN, for %s of %d at a masked place', async (op, pole, elsewhere) => {
    const x = tensorFrom('float32', [2], [pole, 4])
    const [byX] = await maskedSumGradients(runtime, oneNode(op, [x], {}, { opset: 18 }), [0, 1])
    expect(byX![0]).toBe(0)
    if (elsewhere !== undefined) expect(byX![1]).toBeCloseTo(elsewhere, 6)
  })

  it('is large and finite for the square root of 0', async () => {
    const [byX] = await sumGradients(runtime, oneNode('Sqrt', [vectorTensor([0])], {}, { opset: 18 }))
    expect(byX![0]).toBeGreaterThan(1e100)
    expect(byX![0]).toBeLessThan(Infinity)
  })
})
