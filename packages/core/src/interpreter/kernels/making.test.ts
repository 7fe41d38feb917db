import { afterAll, describe, expect, it } from 'vitest'
import { type Attribute, float, int, ints, text } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { integerTensor } from '../../tensor/index.ts'
import { disagreements, oneNode } from '../../testing/against-runtime.ts'
import { drawDims, drawInteger, draws, drawTensor, tensorFrom } from '../../testing/draw.ts'
import { interpret } from '../interpret.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

describe('making', () => {
  const vector = tensorFrom('float32', [3], [1, 2.5, -3])
  const constants: [form: string, attributes: Record<string, Attribute>][] = [
    ['value', { value: { type: 'tensor', value: vector } }],
    ['value_float', { value_float: float(0.1) }],
    ['value_floats', { value_floats: { type: 'floats', value: [0.1, 3] } }],
    ['value_int', { value_int: int(7) }],
    ['value_ints', { value_ints: ints([1, -2, 3]) }],
  ]
  it.each(constants)('Constant of %s', async (_, attributes) => {
    expect(await disagreements(runtime, oneNode('Constant', [], attributes))).toEqual([])
  })

  it('refuses a Constant of text', () => {
    const { model } = oneNode('Constant', [], { value_string: text('a') })
    expect(() => interpret(model, {})).toThrow('Constant "node" holds no dense numbers')
  })

  it('ConstantOfShape, of zeros or a given number', async () => {
    const shapes = [[2, 3], [], [0, 4]].map(integerTensor)
    const fillers = [tensorFrom('int64', [1], [5]), tensorFrom('bool', [1], [1]), tensorFrom('float64', [1], [0.1])]
    for (const shape of shapes) {
      expect(await disagreements(runtime, oneNode('ConstantOfShape', [shape]))).toEqual([])
      for (const filler of fillers) {
        const attributes: Record<string, Attribute> = { value: { type: 'tensor', value: filler } }
        expect(await disagreements(runtime, oneNode('ConstantOfShape', [shape], attributes))).toEqual([])
      }
    }
  })

  it('Range of floats and whole numbers, upwards, downwards and empty', async () => {
    const limits = [
      [0, 10, 3],
      [5, -4, -2],
      [3, 3, 1],
      [4, 1, 1],
    ]
    for (const type of ['int64', 'int32', 'float64'] as const) {
      for (const numbers of limits) {
        const inputs = numbers.map((x) => tensorFrom(type, [], [type === 'float64' ? x * 0.7 : x]))
        expect(await disagreements(runtime, oneNode('Range', inputs))).toEqual([])
      }
    }
  })

  it('Shape and Size, of some axes too', async () => {
    for (const random of draws(12)) {
      const x = drawTensor(random, 'float32', drawDims(random, 0, 4))
      expect(await disagreements(runtime, oneNode('Size', [x]))).toEqual([])
      expect(await disagreements(runtime, oneNode('Shape', [x], {}, { opset: 13 }))).toEqual([])
      const ends = { start: int(drawInteger(random, -5, 5)), end: int(drawInteger(random, -5, 5)) }
      expect(await disagreements(runtime, oneNode('Shape', [x], ends))).toEqual([])
      expect(await disagreements(runtime, oneNode('Shape', [x], { start: ends.start }))).toEqual([])
    }
  })

  it('EyeLike on any diagonal, of its own type or another', async () => {
    for (const random of draws(12)) {
      const x = drawTensor(random, 'float64', [drawInteger(random, 1, 5), drawInteger(random, 1, 5)])
      const k = int(drawInteger(random, -4, 4))
      expect(await disagreements(runtime, oneNode('EyeLike', [x], { k }))).toEqual([])
      expect(await disagreements(runtime, oneNode('EyeLike', [x], { k, dtype: int(7) }))).toEqual([])
    }
  })
})
