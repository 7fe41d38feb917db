import { afterAll, describe, expect, it } from 'vitest'
import { int } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { disagreements, oneNode } from '../../testing/against-runtime.ts'
import { drawDims, drawNarrower, draws, drawTensor } from '../../testing/draw.ts'
import { interpret } from '../interpret.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

describe('arithmetic', () => {
  const pairs = ['Add', 'Sub', 'Mul', 'Div'].flatMap((op) => [7, 13, 17].map((opset) => ({ op, opset })))
  it.each(pairs)('$op of opset $opset broadcasts either side', async ({ op, opset }) => {
    for (const random of draws(6)) {
      const dims = drawDims(random, 0, 4)
      const narrower = drawNarrower(random, dims)
      for (const type of ['float32', 'float64', 'int32'] as const) {
        const [a, b] = [drawTensor(random, type, dims, 1, 30), drawTensor(random, type, narrower, 1, 6)]
        expect(await disagreements(runtime, oneNode(op, [a, b], {}, { opset }))).toEqual([])
        expect(await disagreements(runtime, oneNode(op, [b, a], {}, { opset }))).toEqual([])
      }
    }
  })

  it('broadcasts both sides at once, and empty tensors', async () => {
    const [random] = draws(1)
    const example = (a: number[], b: number[]) =>
      oneNode('Sub', [drawTensor(random, 'float64', a), drawTensor(random, 'float64', b)])
    expect(await disagreements(runtime, example([3, 1, 2], [4, 1]))).toEqual([])
    expect(await disagreements(runtime, example([0, 2], [1, 2]))).toEqual([])
  })

  it('refuses shapes that do not broadcast', () => {
    const [random] = draws(1)
    const { model, inputs } = oneNode('Add', [
      drawTensor(random, 'float64', [2, 3]),
      drawTensor(random, 'float64', [2]),
    ])
    expect(() => interpret(model, inputs)).toThrow('shapes [2, 3] and [2] do not broadcast')
  })

  it('divides whole numbers towards zero, with either remainder', async () => {
    for (const random of draws(5)) {
      const [a, b] = [drawTensor(random, 'int64', [20], -30, 30), drawTensor(random, 'int64', [20], 1, 9)]
      const negative = drawTensor(random, 'int64', [20], -9, 0)
      for (const divisor of [b, negative]) {
        expect(await disagreements(runtime, oneNode('Div', [a, divisor]))).toEqual([])
        expect(await disagreements(runtime, oneNode('Mod', [a, divisor]))).toEqual([])
        expect(await disagreements(runtime, oneNode('Mod', [a, divisor], { fmod: int(1) }))).toEqual([])
      }
      const floats = [drawTensor(random, 'float64', [20]), drawTensor(random, 'float64', [20])]
      expect(await disagreements(runtime, oneNode('Mod', floats, { fmod: int(1) }))).toEqual([])
    }
  })

  it('raises to powers, the result of the type of the base', async () => {
    for (const random of draws(5)) {
      const base = drawTensor(random, 'float64', [3, 4], 0.1, 3)
      const whole = drawTensor(random, 'int64', [4], 0, 4)
      expect(await disagreements(runtime, oneNode('Pow', [base, drawTensor(random, 'float64', [4])]))).toEqual([])
      expect(await disagreements(runtime, oneNode('Pow', [base, whole]))).toEqual([])
      const bases = drawTensor(random, 'int32', [3, 4], -4, 4)
      expect(await disagreements(runtime, oneNode('Pow', [bases, whole]))).toEqual([])
      const exponents = drawTensor(random, 'float32', [4], 0, 2.5)
      expect(await disagreements(runtime, oneNode('Pow', [drawTensor(random, 'int32', [4], 1, 9), exponents]))).toEqual(
        [],
      )
    }
  })

  it.each(['Min', 'Max', 'Sum', 'Mean'])('%s takes any number of tensors', async (op) => {
    for (const random of draws(8)) {
      const dims = drawDims(random, 0, 3)
      for (const count of [1, 2, 3]) {
        for (const opset of [8, 13]) {
          const type = op === 'Min' || op === 'Max' ? 'float64' : 'float32'
          const inputs = Array.from({ length: count }, () => drawTensor(random, type, drawNarrower(random, dims)))
          expect(await disagreements(runtime, oneNode(op, inputs, {}, { opset }))).toEqual([])
        }
      }
    }
  })
})
