import { afterAll, describe, expect, it } from 'vitest'
import { int } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { integerTensor, sizeOf } from '../../tensor/index.ts'
import { disagreements, oneNode } from '../../testing/against-runtime.ts'
import { drawAxis, drawDims, drawInteger, draws, drawTensor, tensorFrom } from '../../testing/draw.ts'
import { interpret } from '../interpret.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

describe('gathering', () => {
  it('Gather of slices along any axis', async () => {
    for (const random of draws(20)) {
      const dims = drawDims(random, 1, 4)
      const axis = drawAxis(random, dims.length)
      const length = dims.at(axis)!
      const indices = drawTensor(random, 'int64', drawDims(random, 0, 3), -length, length)
      const x = drawTensor(random, 'float32', dims)
      expect(await disagreements(runtime, oneNode('Gather', [x, indices], { axis: int(axis) }))).toEqual([])
    }
  })

  it('GatherElements along any axis', async () => {
    for (const random of draws(20)) {
      const dims = drawDims(random, 1, 4)
      const axis = drawAxis(random, dims.length)
      const length = dims.at(axis)!
      const taken = dims.map((dim) => drawInteger(random, 1, dim)).with(axis, drawInteger(random, 1, 6))
      const indices = drawTensor(random, 'int32', taken, -length, length)
      const x = drawTensor(random, 'float64', dims)
      expect(await disagreements(runtime, oneNode('GatherElements', [x, indices], { axis: int(axis) }))).toEqual([])
    }
  })

  it('GatherND of elements and slices, with axes in common', async () => {
    for (const random of draws(30)) {
      const dims = drawDims(random, 1, 4)
      const batch = drawInteger(random, 0, dims.length - 1)
      const depth = drawInteger(random, 1, dims.length - batch)
      const rows = [...dims.slice(0, batch), ...drawDims(random, 0, 2)]
      const tuple = dims.slice(batch, batch + depth)
      const numbers = Array.from({ length: sizeOf(rows) }, () => tuple.map((dim) => drawAxis(random, dim))).flat()
      const inputs = [drawTensor(random, 'float32', dims), tensorFrom('int64', [...rows, depth], numbers)]
      expect(await disagreements(runtime, oneNode('GatherND', inputs, { batch_dims: int(batch) }))).toEqual([])
    }
  })

  it.each(['Gather', 'GatherElements', 'GatherND'])('%s refuses indices outside', (op) => {
    const { model, inputs } = oneNode(op, [tensorFrom('float32', [3], [1, 2, 3]), integerTensor([3])])
    expect(() => interpret(model, inputs)).toThrow('index 3 lies outside an axis of 3')
  })
})
