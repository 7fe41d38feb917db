import { afterAll, describe, expect, it } from 'vitest'
import { int } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { disagreements, oneNode } from '../../testing/against-runtime.ts'
import { drawDims, drawNarrower, draws, drawTensor, tensorFrom } from '../../testing/draw.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

describe('comparisons', () => {
  it.each(['And', 'Or', 'Xor'])('%s', async (op) => {
    for (const random of draws(6)) {
      const dims = drawDims(random, 0, 3)
      const inputs = [drawTensor(random, 'bool', drawNarrower(random, dims)), drawTensor(random, 'bool', dims)]
      expect(await disagreements(runtime, oneNode(op, inputs, {}, { opset: 7 }))).toEqual([])
    }
  })

  it.each(['Equal', 'Greater', 'GreaterOrEqual', 'Less', 'LessOrEqual'])('%s', async (op) => {
    for (const random of draws(6)) {
      const dims = drawDims(random, 0, 3)
      for (const type of ['int64', 'float64', 'int32'] as const) {
        const inputs = [drawTensor(random, type, dims), drawTensor(random, type, drawNarrower(random, dims))]
        expect(await disagreements(runtime, oneNode(op, inputs))).toEqual([])
      }
    }
  })

  it('Not, IsNaN and IsInf', async () => {
    expect(await disagreements(runtime, oneNode('Not', [tensorFrom('bool', [3], [0, 1, 1])]))).toEqual([])
    const x = tensorFrom('float32', [5], [-Infinity, -1, Number.NaN, 0, Infinity])
    expect(await disagreements(runtime, oneNode('IsNaN', [x]))).toEqual([])
    expect(await disagreements(runtime, oneNode('IsInf', [x]))).toEqual([])
    expect(await disagreements(runtime, oneNode('IsInf', [x], { detect_positive: int(0) }))).toEqual([])
    expect(await disagreements(runtime, oneNode('IsInf', [x], { detect_negative: int(0) }))).toEqual([])
  })
})
