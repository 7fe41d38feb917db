import { afterAll, describe, expect, it } from 'vitest'
import { int } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { integerTensor } from '../../tensor/index.ts'
import { disagreements, oneNode } from '../../testing/against-runtime.ts'
import { drawAxis, drawDims, drawInteger, draws, drawTensor, tensorFrom } from '../../testing/draw.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

describe('sequences', () => {
  it('CumSum from either end, with each number or without', async () => {
    for (const random of draws(16)) {
      const dims = drawDims(random, 1, 4)
      const axis = tensorFrom('int32', [], [drawAxis(random, dims.length)])
      const attributes = { exclusive: int(drawInteger(random, 0, 1)), reverse: int(drawInteger(random, 0, 1)) }
      const x = drawTensor(random, 'float64', dims)
      expect(await disagreements(runtime, oneNode('CumSum', [x, axis], attributes, { opset: 11 }))).toEqual([])
    }
  })

  it('ReverseSequence with time first or the batch first', async () => {
    for (const random of draws(8)) {
      const [batch, time] = [drawInteger(random, 1, 4), drawInteger(random, 1, 5)]
      const rest = drawDims(random, 0, 2)
      const lengths = integerTensor(Array.from({ length: batch }, () => drawInteger(random, 0, time)))
      const timeFirst = drawTensor(random, 'float32', [time, batch, ...rest])
      expect(await disagreements(runtime, oneNode('ReverseSequence', [timeFirst, lengths]))).toEqual([])
      const batchFirst = drawTensor(random, 'float32', [batch, time, ...rest])
      const axes = { time_axis: int(1), batch_axis: int(0) }
      expect(await disagreements(runtime, oneNode('ReverseSequence', [batchFirst, lengths], axes))).toEqual([])
    }
  })
})
