import { afterAll, describe, expect, it } from 'vitest'
import { float, int } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { disagreements, oneNode } from '../../testing/against-runtime.ts'
import { type Draws, draws } from '../../testing/draws.ts'
import { interpret } from '../interpret.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

const opsets = [7, 9, 13, 17, 21]
const types = ['float32', 'float64'] as const

describe('MatMul', () => {
  it('agrees with ONNX Runtime on matrices of all sizes', async () => {
    const draw = draws(1)
    for (let i = 0; i < 40; i++) {
      const [m, k, n] = draw.several(3, 1, i < 35 ? 9 : 600)
      const type = draw.pick(types)
      const factors = [draw.normal([m, k], type), draw.normal([k, n], type)]
      const tolerance = type === 'float32' ? 1e-4 : undefined
      expect(
        await disagreements(runtime, oneNode('MatMul', factors, {}, { opset: draw.pick(opsets) }), tolerance),
      ).toEqual([])
    }
  })

  it('agrees on stacks that broadcast, and on vectors', async () => {
    const draw = draws(2)
    for (let i = 0; i < 60; i++) {
      const [m, k, n] = draw.several(3, 1, 5)
      const stack = draw.several(draw.between(0, 3), 1, 3)
      const side = (matrix: number[], vector: number[]) =>
        draw.chance(0.2)
          ? vector
          : [...stack.slice(draw.between(0, stack.length)).map((dim) => (draw.chance(0.3) ? 1 : dim)), ...matrix]
      const factors = [side([m, k], [k]), side([k, n], [k])].map((dims) => draw.normal(dims))
      expect(await disagreements(runtime, oneNode('MatMul', factors))).toEqual([])
    }
  })

  it('multiplies whole numbers, and nothing', async () => {
    const draw = draws(3)
    const whole = [draw.integers([2, 3, 4], -9, 9, 'int32'), draw.integers([4, 5], -9, 9, 'int32')]
    expect(await disagreements(runtime, oneNode('MatMul', whole))).toEqual([])
    for (const [m, k, n] of [
      [0, 2, 3],
      [2, 0, 3],
      [2, 3, 0],
    ] as const) {
      const factors = [draw.normal([2, m, k]), draw.normal([2, k, n])]
      const { values } = interpret(oneNode('MatMul', factors).model, { input_0: factors[0], input_1: factors[1] })
      expect(values.get('output_0')).toEqual({ kind: 'float', dims: [2, m, n], data: new Float64Array(2 * m * n) })
    }
  })

  it('names the node whose shapes do not fit', () => {
    const { model, inputs } = oneNode('MatMul', [draws(1).normal([2, 3]), draws(1).normal([2, 3])])
    expect(() => interpret(model, inputs)).toThrow('MatMul "node" cannot multiply [2, 3] and [2, 3]')
  })
})

describe('Gemm', () => {
  const addends = (draw: Draws, m: number, n: number, opset: number) =>
    draw.pick([[m, n], [1, n], [m, 1], [n], [1], [], ...(opset < 11 ? [] : [undefined])])

  it('agrees with ONNX Runtime for all orientations, factors and addends', async () => {
    const draw = draws(4)
    for (let i = 0; i < 80; i++) {
      const [m, k, n] = draw.several(3, 1, 7)
      const [transA, transB] = draw.several(2, 0, 1)
      const type = draw.pick(types)
      const opset = draw.pick([7, 9, 11, 13])
      const dims = addends(draw, m, n, opset)
      const inputs = [
        draw.normal(transA === 1 ? [k, m] : [m, k], type),
        draw.normal(transB === 1 ? [n, k] : [k, n], type),
        dims === undefined ? undefined : draw.normal(dims, type),
      ]
      const example = oneNode(
        'Gemm',
        dims === undefined ? inputs.slice(0, 2) : inputs,
        {
          ...(transA === 1 || draw.chance(0.5) ? { transA: int(transA) } : {}),
          ...(transB === 1 || draw.chance(0.5) ? { transB: int(transB) } : {}),
          ...(draw.chance(0.5) ? { alpha: float(draw.pick([0, -1, 0.3])) } : {}),
          ...(draw.chance(0.5) ? { beta: float(draw.pick([0, -1, 0.3])) } : {}),
        },
        { opset },
      )
      expect(await disagreements(runtime, example)).toEqual([])
    }
  })
})
