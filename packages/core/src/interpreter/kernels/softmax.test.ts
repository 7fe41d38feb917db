import { afterAll, describe, expect, it } from 'vitest'
import { int } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { disagreements, oneNode } from '../../testing/against-runtime.ts'
import { drawAxis, drawDims, drawInteger, draws, drawTensor } from '../../testing/draw.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

describe('softmax and its relatives', () => {
  it.each(['Softmax', 'LogSoftmax', 'Hardmax'])('%s along any axis', async (op) => {
    for (const random of draws(10)) {
      const dims = drawDims(random, 2, 4)
      const x = drawTensor(random, op === 'Hardmax' ? 'float32' : 'float64', dims, -20, 20)
      expect(await disagreements(runtime, oneNode(op, [x]))).toEqual([])
      const axis = int(drawAxis(random, dims.length))
      expect(await disagreements(runtime, oneNode(op, [x], { axis }))).toEqual([])
    }
  })

  it.each(['Softmax', 'LogSoftmax', 'Hardmax'])('%s before opset 13, over all axes from one on', async (op) => {
    for (const random of draws(10)) {
      const dims = drawDims(random, 2, 4)
      const x = drawTensor(random, 'float32', dims, -20, 20)
      const axis = int(drawInteger(random, 0, dims.length - 1))
      for (const opset of [7, 11]) {
        expect(await disagreements(runtime, oneNode(op, [x], {}, { opset }))).toEqual([])
        expect(await disagreements(runtime, oneNode(op, [x], { axis }, { opset }))).toEqual([])
      }
    }
  })
})
