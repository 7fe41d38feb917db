import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { int } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { integerTensor, seededRandom, sizeOf, type Tensor } from '../../tensor/index.ts'
import { oneNode } from '../../testing/against-runtime.ts'
import { checkGradient } from '../../testing/gradient-check.ts'
import { gradients } from '../differentiate.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

/** Each operator, and whether it takes negative numbers. */
const operators: [op: string, negative: boolean][] = [
  ['ReduceSum', true],
  ['ReduceMean', true],
  ['ReduceMax', true],
  ['ReduceMin', true],
  ['ReduceProd', true],
  ['ReduceL1', true],
  ['ReduceL2', true],
  ['ReduceSumSquare', true],
  ['ReduceLogSum', false],
  ['ReduceLogSumExp', true],
]

const cases = fc.record({
  dims: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 0, maxLength: 4 }),
  chosen: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
  fromBack: fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }),
  withAxes: fc.boolean(),
  keepDims: fc.boolean(),
  noop: fc.boolean(),
  type: fc.constantFrom('float32' as const, 'float64' as const),
  seed: fc.integer({ min: 1, max: 1000 }),
})

/** Numbers between 0.5 and 1.5, no two nearer than 0.01, some of them negative. */
function spaced(dims: readonly number[], type: 'float32' | 'float64', negative: boolean, seed: number): Tensor {
  const random = seededRandom(seed)
  const size = sizeOf(dims)
  const order = random.permutation(size)
  const data = Float64Array.from(
    order,
    (place) => (0.5 + (place + 0.5 * random.uniform()) / size) * (negative && random.uniform() < 0.5 ? -1 : 1),
  )
  return type === 'float64' ? { type, dims, data } : { type, dims, data: Float32Array.from(data) }
}

describe('reductions', () => {
  it.each(operators)('%s passes the gradient over any axes', async (op, negative) => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ dims, chosen, fromBack, withAxes, keepDims, noop, type, seed }) => {
        const axes = [...dims.keys()]
          .filter((axis) => chosen[axis])
          .map((axis) => axis - (fromBack[axis] ? dims.length : 0))
        const inputs = [spaced(dims, type, negative, seed), withAxes ? integerTensor(axes) : undefined]
        const attributes = { keepdims: int(Number(keepDims)), noop_with_empty_axes: int(Number(noop)) }
        const check = await checkGradient(runtime, oneNode(op, inputs, attributes, { opset: 18, stored: [1] }))
        expect(check.exact).toBeLessThan(1e-6)
        expect(check.run).toBeLessThan(1e-4)
      }),
      { numRuns: 40 },
    )
  })
})

/** The gradient of a reduction of three numbers to one. */
async function gradientOfThree(op: string, numbers: number[]): Promise<number[]> {
  const x: Tensor = { type: 'float32', dims: [3], data: Float32Array.from(numbers) }
  const { model, inputs } = oneNode(op, [x], { keepdims: int(0) }, { opset: 18 })
  const result = await gradients(runtime, model, { loss: 'output_0', parameters: ['input_0'], inputs })
  return Array.from(result.gradients.get('input_0')!.data, Number)
}

describe('reductions at their kinks', () => {
  it('shares the gradient of an extreme equally among ties', async () => {
    expect(await gradientOfThree('ReduceMax', [2, 1, 2])).toEqual([0.5, 0, 0.5])
    expect(await gradientOfThree('ReduceMin', [3, 3, 3])).toEqual([1, 1, 1].map((one) => Math.fround(one / 3)))
  })

  it('multiplies the other factors, zeros among them', async () => {
    expect(await gradientOfThree('ReduceProd', [0, 2, 3])).toEqual([6, 0, 0])
    expect(await gradientOfThree('ReduceProd', [0, 2, 0])).toEqual([0, 0, 0])
    expect(await gradientOfThree('ReduceProd', [4, 2, -3])).toEqual([-6, -12, 8])
  })

  it('is zero for norms at 0', async () => {
    expect(await gradientOfThree('ReduceL2', [0, 0, 0])).toEqual([0, 0, 0])
    expect(await gradientOfThree('ReduceL1', [0, 2, -3])).toEqual([0, 1, -1])
  })

  it('is finite for a log-sum-exp with numbers at −∞', async () => {
    expect(await gradientOfThree('ReduceLogSumExp', [-Infinity, 0, -Infinity])).toEqual([0, 1, 0])
    expect(await gradientOfThree('ReduceLogSumExp', [-Infinity, -Infinity, -Infinity])).toEqual([0, 0, 0])
  })

  it('refuses axes that are computed', async () => {
    const x: Tensor = { type: 'float32', dims: [3], data: Float32Array.of(1, 2, 3) }
    const { model, inputs } = oneNode('ReduceSum', [x, integerTensor([0])], { keepdims: int(0) }, { opset: 18 })
    const request = { loss: 'output_0', parameters: ['input_0'], inputs }
    await expect(gradients(runtime, model, request)).rejects.toThrow('the axes of ReduceSum "node" are computed')
  })
})
