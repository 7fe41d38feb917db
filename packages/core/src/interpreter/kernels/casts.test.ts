import { afterAll, describe, expect, it } from 'vitest'
import { int } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { disagreements, oneNode } from '../../testing/against-runtime.ts'
import { draws, drawTensor, tensorFrom } from '../../testing/draw.ts'
import { interpret } from '../interpret.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const types = ['float32', 'float64', 'int32', 'int64', 'bool'] as const
/** ONNX's numbers of float32, int32, int64, bool and float64. */
const targets = [1, 6, 7, 9, 11]

describe('casts', () => {
  it.each(types)('Cast from %s to floats, whole numbers and truth values', async (type) => {
    const x = drawTensor(draws(1)[0]!, type, [3, 9])
    for (const to of targets) {
      for (const opset of [7, 13, 19]) {
        expect(await disagreements(runtime, oneNode('Cast', [x], { to: int(to) }, { opset }))).toEqual([])
      }
    }
  })

  it('Cast keeps the low bits where whole numbers get narrower', async () => {
    const x = tensorFrom('int64', [6], [200, -200, 70_000, -70_000, 2 ** 31, 2 ** 32 + 5])
    for (const to of [2, 3, 4, 5, 6, 12]) {
      expect(await disagreements(runtime, oneNode('Cast', [x], { to: int(to) }))).toEqual([])
    }
  })

  it('CastLike', async () => {
    for (const from of types) {
      for (const to of types) {
        const [random] = draws(1)
        const inputs = [drawTensor(random!, from, [7]), drawTensor(random!, to, [2])]
        expect(await disagreements(runtime, oneNode('CastLike', inputs))).toEqual([])
      }
    }
  })

  it('refuses text', () => {
    const { model, inputs } = oneNode('Cast', [tensorFrom('float32', [1], [1])], { to: int(8) })
    expect(() => interpret(model, inputs)).toThrow('no numbers of ONNX\'s type 8, which Cast "node" makes')
  })
})
