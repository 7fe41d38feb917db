import { afterAll, describe, expect, it } from 'vitest'
import { ints } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { integerTensor } from '../../tensor/index.ts'
import { disagreements, oneNode } from '../../testing/against-runtime.ts'
import { drawDims, drawInteger, drawOne, drawSome, draws, drawTensor } from '../../testing/draw.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const FAR = Number.MAX_SAFE_INTEGER

describe('Slice', () => {
  it('by attributes, ends beyond the axes', async () => {
    for (const random of draws(20)) {
      const dims = drawDims(random, 1, 4, 6)
      const axes = drawSome(random, [...dims.keys()])
      const starts = axes.map(() => drawInteger(random, -8, 8))
      const ends = axes.map(() => drawOne(random, [drawInteger(random, -8, 8), 2 ** 31 - 1]))
      const attributes = { axes: ints(axes), starts: ints(starts), ends: ints(ends) }
      const x = drawTensor(random, 'float32', dims)
      if (axes.length === 0) continue
      expect(await disagreements(runtime, oneNode('Slice', [x], attributes, { opset: 7 }))).toEqual([])
    }
    const x = drawTensor(draws(1)[0]!, 'float32', [4, 5])
    const attributes = { starts: ints([1, -3]), ends: ints([9, -1]) }
    expect(await disagreements(runtime, oneNode('Slice', [x], attributes, { opset: 1 }))).toEqual([])
  })

  it('by inputs, forwards and backwards in steps', async () => {
    for (const random of draws(60)) {
      const dims = drawDims(random, 1, 3, 6)
      const axes = drawSome(random, [...dims.keys()])
      const lists = [
        axes.map(() => drawInteger(random, -8, 8)),
        axes.map(() => drawOne(random, [drawInteger(random, -8, 8), FAR, -FAR])),
        axes.map((axis) => axis - dims.length * drawInteger(random, 0, 1)),
        axes.map(() => drawOne(random, [-3, -2, -1, 1, 2, 3])),
      ]
      const inputs = [drawTensor(random, 'float32', dims), ...lists.map(integerTensor)]
      const opset = drawOne(random, [10, 13])
      expect(await disagreements(runtime, oneNode('Slice', inputs, {}, { opset }))).toEqual([])
      expect(await disagreements(runtime, oneNode('Slice', inputs.slice(0, 4), {}, { opset }))).toEqual([])
    }
  })

  it('of the first axes without a word about axes, and of an empty tensor', async () => {
    const [random] = draws(1)
    for (const dims of [
      [4, 5],
      [0, 5],
    ]) {
      const x = drawTensor(random!, 'float32', dims)
      expect(await disagreements(runtime, oneNode('Slice', [x, integerTensor([1]), integerTensor([3])]))).toEqual([])
      const backwards = [x, integerTensor([FAR]), integerTensor([-FAR]), undefined, integerTensor([-1])]
      expect(await disagreements(runtime, oneNode('Slice', backwards))).toEqual([])
    }
  })
})
