import { afterAll, describe, expect, it } from 'vitest'
import { int, ints } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { integerTensor } from '../../tensor/index.ts'
import { disagreements, oneNode } from '../../testing/against-runtime.ts'
import { drawAxis, drawDims, drawInteger, draws, drawTensor } from '../../testing/draw.ts'
import { interpret } from '../interpret.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

describe('joining', () => {
  it('Concat of any number of tensors along any axis', async () => {
    for (const random of draws(16)) {
      const dims = drawDims(random, 1, 4)
      const axis = drawAxis(random, dims.length)
      const inputs = Array.from({ length: drawInteger(random, 1, 4) }, () =>
        drawTensor(random, 'float32', dims.with(axis, drawInteger(random, 0, 3))),
      )
      expect(await disagreements(runtime, oneNode('Concat', inputs, { axis: int(axis) }))).toEqual([])
    }
  })

  it('Split into parts given as an attribute or an input, or equal ones', async () => {
    for (const random of draws(12)) {
      const parts = Array.from({ length: drawInteger(random, 1, 4) }, () => drawInteger(random, 0, 3))
      const outputs = parts.length
      const dims = drawDims(random, 1, 4)
      const place = drawAxis(random, dims.length)
      const axis = int(place)
      const x = drawTensor(
        random,
        'float32',
        dims.with(
          place,
          parts.reduce((sum, part) => sum + part, 0),
        ),
      )
      const options = { opset: 11, outputs }
      expect(await disagreements(runtime, oneNode('Split', [x], { axis, split: ints(parts) }, options))).toEqual([])
      const inputs = [x, integerTensor(parts)]
      expect(await disagreements(runtime, oneNode('Split', inputs, { axis }, { outputs }))).toEqual([])
      const even = drawTensor(random, 'float32', dims.with(place, 2 * outputs))
      for (const opset of [7, 13]) {
        const positive = int(place < 0 ? place + dims.length : place)
        expect(await disagreements(runtime, oneNode('Split', [even], { axis: positive }, { opset, outputs }))).toEqual(
          [],
        )
      }
    }
  })

  it.each([
    [6, 3],
    [7, 3],
    [9, 2],
  ])('Split of %i elements into %i parts, the last one shorter', async (length, count) => {
    const x = drawTensor(draws(1)[0]!, 'float32', [2, length])
    const attributes = { axis: int(-1), num_outputs: int(count) }
    expect(await disagreements(runtime, oneNode('Split', [x], attributes, { opset: 18, outputs: count }))).toEqual([])
  })

  it('refuses parts that do not fill the axis', () => {
    const x = drawTensor(draws(1)[0]!, 'float32', [5])
    const given = oneNode('Split', [x, integerTensor([2, 2])], {}, { outputs: 2 })
    expect(() => interpret(given.model, given.inputs)).toThrow('cannot make parts of 2, 2 from an axis of 5')
    const equal = oneNode('Split', [x], {}, { outputs: 2 })
    expect(() => interpret(equal.model, equal.inputs)).toThrow('cannot make parts of 2.5, 2.5 from an axis of 5')
    const tooMany = oneNode('Split', [x], { num_outputs: int(4) }, { opset: 18, outputs: 4 })
    expect(() => interpret(tooMany.model, tooMany.inputs)).toThrow('cannot make parts of 2, 2, 2, -1 from an axis of 5')
  })
})
