import { afterAll, describe, expect, it } from 'vitest'
import { float, ints, text } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { integerTensor } from '../../tensor/index.ts'
import { disagreements, oneNode } from '../../testing/against-runtime.ts'
import { drawDims, drawInteger, drawOne, draws, drawTensor, tensorFrom } from '../../testing/draw.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const modes = ['constant', 'reflect', 'edge'] as const

describe('Pad', () => {
  it.each(modes)('%s, by attributes', async (mode) => {
    for (const random of draws(8)) {
      const dims = drawDims(random, 1, 4).map((dim) => dim + 2)
      const pads = [...dims, ...dims].map(() => drawInteger(random, 0, 2))
      const x = drawTensor(random, 'float32', dims)
      const attributes = { mode: text(mode), pads: ints(pads), value: float(0.7) }
      expect(await disagreements(runtime, oneNode('Pad', [x], attributes, { opset: 7 }))).toEqual([])
    }
  })

  it.each(modes)('%s, by inputs, of some axes too, longer and shorter', async (mode) => {
    for (const random of draws(20)) {
      const dims = drawDims(random, 1, 3).map((dim) => dim + 3)
      const sizes = (count: number) => Array.from({ length: 2 * count }, () => drawInteger(random, -1, 2))
      const x = drawTensor(random, 'float64', dims)
      const filler = drawOne(random, [undefined, tensorFrom('float64', [], [-0.3])])
      const all = [x, integerTensor(sizes(dims.length)), filler]
      expect(await disagreements(runtime, oneNode('Pad', all, { mode: text(mode) }, { opset: 11 }))).toEqual([])
      const axis = drawInteger(random, -dims.length, dims.length - 1)
      const one = [x, integerTensor(sizes(1)), filler, integerTensor([axis])]
      expect(await disagreements(runtime, oneNode('Pad', one, { mode: text(mode) }, { opset: 18 }))).toEqual([])
    }
  })

  it('wraps around', async () => {
    for (const random of draws(12)) {
      const dims = drawDims(random, 1, 3).map((dim) => dim + 2)
      const pads = integerTensor([...dims, ...dims].map(() => drawInteger(random, -1, 2)))
      const inputs = [drawTensor(random, 'float32', dims), pads]
      expect(await disagreements(runtime, oneNode('Pad', inputs, { mode: text('wrap') }, { opset: 19 }))).toEqual([])
    }
  })

  it('fills an empty tensor', async () => {
    const [random] = draws(1)
    const empty = [drawTensor(random!, 'float32', [0, 2]), integerTensor([1, 0, 1, 0])]
    expect(await disagreements(runtime, oneNode('Pad', empty))).toEqual([])
  })
})
