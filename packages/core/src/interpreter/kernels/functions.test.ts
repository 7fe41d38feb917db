import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../runtime/index.ts'
import { disagreements, oneNode } from '../../testing/against-runtime.ts'
import { drawDims, draws, drawTensor, tensorFrom } from '../../testing/draw.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

type Type = 'float32' | 'float64'
/** The operators, the type that ONNX Runtime computes them in, and where they are defined. */
const functions: [op: string, type: Type, least: number, most: number][] = [
  ['Neg', 'float64', -3, 3],
  ['Abs', 'float64', -3, 3],
  ['Sign', 'float64', -3, 3],
  ['Sqrt', 'float64', 0, 9],
  ['Reciprocal', 'float64', 0.5, 3],
  ['Exp', 'float64', -5, 5],
  ['Log', 'float64', 0.01, 9],
  ['Erf', 'float32', -4, 4],
  ['Sin', 'float64', -9, 9],
  ['Cos', 'float32', -9, 9],
  ['Tan', 'float32', -1.4, 1.4],
  ['Asin', 'float32', -1, 1],
  ['Acos', 'float32', -1, 1],
  ['Atan', 'float32', -9, 9],
  ['Sinh', 'float32', -4, 4],
  ['Cosh', 'float32', -4, 4],
  ['Tanh', 'float64', -4, 4],
  ['Asinh', 'float32', -9, 9],
  ['Acosh', 'float32', 1, 9],
  ['Atanh', 'float32', -0.99, 0.99],
  ['Floor', 'float64', -3, 3],
  ['Ceil', 'float64', -3, 3],
  ['Round', 'float64', -3, 3],
]

describe('functions of one number', () => {
  it.each(functions)('%s', async (op, type, least, most) => {
    for (const random of draws(4)) {
      const x = drawTensor(random, type, drawDims(random, 0, 3, 6), least, most)
      for (const opset of [13, 17]) {
        expect(await disagreements(runtime, oneNode(op, [x], {}, { opset }))).toEqual([])
      }
    }
  })

  it('Round takes halves to the even side', async () => {
    const x = tensorFrom('float64', [8], [-2.5, -1.5, -0.5, 0.5, 1.5, 2.5, Infinity, Number.NaN])
    expect(await disagreements(runtime, oneNode('Round', [x]))).toEqual([])
  })

  it.each(['Neg', 'Abs', 'Sign'])('%s of whole numbers', async (op) => {
    for (const random of draws(3)) {
      expect(await disagreements(runtime, oneNode(op, [drawTensor(random, 'int32', [9])]))).toEqual([])
    }
  })
})
