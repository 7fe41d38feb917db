import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { float, int } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { oneNode } from '../../testing/against-runtime.ts'
import { checkGradient } from '../../testing/gradient-check.ts'
import { randomTensor } from '../../testing/random-tensor.ts'

const runtime = await nodeRuntime()
const size = fc.integer({ min: 1, max: 4 })

describe('Gemm', () => {
  it('passes the gradient in every form', async () => {
    const forms = fc.record({
      m: size,
      k: size,
      n: size,
      transA: fc.boolean(),
      transB: fc.boolean(),
      alpha: fc.constantFrom(1, 0.5, -2),
      beta: fc.constantFrom(1, 3),
      c: fc.constantFrom('none', 'full', 'row', 'column', 'one', 'scalar'),
    })
    await fc.assert(
      fc.asyncProperty(forms, async ({ m, k, n, transA, transB, alpha, beta, c }) => {
        const shapes = { none: [], full: [m, n], row: [n], column: [m, 1], one: [1], scalar: [] }
        const a = randomTensor(transA ? [k, m] : [m, k], 1)
        const b = randomTensor(transB ? [n, k] : [k, n], 2)
        const inputs = c === 'none' ? [a, b] : [a, b, randomTensor(shapes[c as keyof typeof shapes], 3)]
        const attributes = {
          transA: int(Number(transA)),
          transB: int(Number(transB)),
          alpha: float(alpha),
          beta: float(beta),
        }
        const check = await checkGradient(runtime, oneNode('Gemm', inputs, attributes, { opset: 18 }))
        expect(check.exact).toBeLessThan(1e-6)
        expect(check.run).toBeLessThan(1e-4)
      }),
      { numRuns: 60 },
    )
  })
})

describe('MatMul', () => {
  it('passes the gradient of vectors, matrices and batches that broadcast', async () => {
    const batch = fc.constantFrom<[number[], number[]]>(
      [[], []],
      [[3], [3]],
      [[2, 3], [3]],
      [[3], [2, 3]],
      [
        [2, 1],
        [1, 3],
      ],
      [[], [2, 3]],
      [[2, 3], []],
      [[1], [4]],
    )
    const forms = fc.record({ m: size, k: size, n: size, batch, a: fc.boolean(), b: fc.boolean() })
    await fc.assert(
      fc.asyncProperty(forms, async ({ m, k, n, batch: [left, right], a, b }) => {
        const first = randomTensor(a ? [k] : [...left, m, k], 1)
        const second = randomTensor(b ? [k] : [...right, k, n], 2)
        const check = await checkGradient(runtime, oneNode('MatMul', [first, second], {}, { opset: 18 }))
        expect(check.exact).toBeLessThan(1e-6)
        expect(check.run).toBeLessThan(1e-4)
      }),
      { numRuns: 60 },
    )
  })

  it('computes in float64 as well', async () => {
    const x = { type: 'float64' as const, dims: [2, 3], data: Float64Array.of(1, 2, 3, 4, 5, 6.5) }
    const check = await checkGradient(runtime, oneNode('MatMul', [x, { ...x, dims: [3, 2] }], {}, { opset: 18 }))
    expect(check.run).toBeLessThan(1e-8)
  })
})
