import { afterAll, describe, expect, it } from 'vitest'
import { int } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { integerTensor } from '../../tensor/index.ts'
import { disagreements, oneNode } from '../../testing/against-runtime.ts'
import { drawAxis, drawDims, drawInteger, draws, drawTensor } from '../../testing/draw.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

describe('ordering', () => {
  it.each(['ArgMax', 'ArgMin'])('%s, of equal numbers the first or the last', async (op) => {
    for (const random of draws(10)) {
      const dims = drawDims(random, 1, 4)
      const x = drawTensor(random, 'int32', dims, 0, 3)
      const attributes = { axis: int(drawAxis(random, dims.length)), keepdims: int(drawInteger(random, 0, 1)) }
      expect(await disagreements(runtime, oneNode(op, [x], attributes, { opset: 11 }))).toEqual([])
      const last = { ...attributes, select_last_index: int(1) }
      expect(await disagreements(runtime, oneNode(op, [x], last, { opset: 13 }))).toEqual([])
      expect(await disagreements(runtime, oneNode(op, [x], {}, { opset: 13 }))).toEqual([])
    }
  })

  it('TopK of the largest or the smallest, of equal ones the first', async () => {
    for (const random of draws(16)) {
      const dims = drawDims(random, 1, 3, 6)
      const axis = drawAxis(random, dims.length)
      const k = drawInteger(random, 1, dims.at(axis)!)
      for (const x of [drawTensor(random, 'float64', dims), drawTensor(random, 'int64', dims)]) {
        const attributes = { axis: int(axis), largest: int(drawInteger(random, 0, 1)) }
        expect(
          await disagreements(runtime, oneNode('TopK', [x, integerTensor([k])], attributes, { outputs: 2 })),
        ).toEqual([])
      }
    }
  })

  it('TopK of opset 7 and 10', async () => {
    for (const random of draws(4)) {
      const x = drawTensor(random, 'float32', [3, 6])
      expect(await disagreements(runtime, oneNode('TopK', [x], { k: int(4) }, { opset: 7, outputs: 2 }))).toEqual([])
      const inputs = [x, integerTensor([2])]
      expect(
        await disagreements(runtime, oneNode('TopK', inputs, { axis: int(0) }, { opset: 10, outputs: 2 })),
      ).toEqual([])
    }
  })
})
