import { afterAll, describe, expect, it } from 'vitest'
import { int } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { disagreements, oneNode } from '../../testing/against-runtime.ts'
import { drawDims, drawInteger, draws, drawTensor, tensorFrom } from '../../testing/draw.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

describe('marks', () => {
  it('Trilu of matrices, above and below any diagonal', async () => {
    for (const random of draws(20)) {
      const x = drawTensor(random, 'float32', [
        ...drawDims(random, 0, 2),
        drawInteger(random, 1, 5),
        drawInteger(random, 1, 5),
      ])
      const k = tensorFrom('int64', [], [drawInteger(random, -5, 5)])
      for (const upper of [0, 1]) {
        expect(await disagreements(runtime, oneNode('Trilu', [x, k], { upper: int(upper) }))).toEqual([])
      }
      expect(await disagreements(runtime, oneNode('Trilu', [x]))).toEqual([])
    }
  })

  it('OneHot along any new axis, of indices outside nothing', async () => {
    for (const random of draws(16)) {
      const dims = drawDims(random, 1, 3)
      const depth = drawInteger(random, 1, 5)
      const indices = drawTensor(random, 'int64', dims, -depth - 1, depth + 1)
      const inputs = [indices, tensorFrom('int64', [], [depth]), tensorFrom('float32', [2], [-1, 2.5])]
      const axis = int(drawInteger(random, -dims.length - 1, dims.length))
      for (const opset of [9, 11]) {
        expect(await disagreements(runtime, oneNode('OneHot', inputs, { axis }, { opset }))).toEqual([])
        expect(await disagreements(runtime, oneNode('OneHot', inputs, {}, { opset }))).toEqual([])
      }
    }
  })

  it('NonZero of numbers and truth values', async () => {
    for (const random of draws(10)) {
      const dims = drawDims(random, 1, 4)
      for (const type of ['bool', 'int64', 'float32'] as const) {
        const x = drawTensor(random, type, dims, type === 'bool' ? 0 : -1, 2)
        expect(await disagreements(runtime, oneNode('NonZero', [x]))).toEqual([])
      }
    }
    expect(await disagreements(runtime, oneNode('NonZero', [tensorFrom('int64', [2, 2], [0, 0, 0, 0])]))).toEqual([])
  })
})
