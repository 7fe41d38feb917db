import { afterAll, describe, expect, it } from 'vitest'
import { int, ints, text } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { disagreements, oneNode } from '../../testing/against-runtime.ts'
import { drawDims, drawInteger, draws, drawTensor } from '../../testing/draw.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

describe('permuting', () => {
  it('Transpose into any order of axes, or the reverse one', async () => {
    for (const random of draws(20)) {
      const dims = drawDims(random, 0, 5)
      const x = drawTensor(random, 'float64', dims)
      const perm = ints([...random.permutation(dims.length)])
      expect(await disagreements(runtime, oneNode('Transpose', [x], { perm }))).toEqual([])
      expect(await disagreements(runtime, oneNode('Transpose', [x], {}, { opset: 7 }))).toEqual([])
    }
  })

  it('DepthToSpace in either mode, and SpaceToDepth', async () => {
    for (const random of draws(8)) {
      const [n, c, h, w, block] = [1, 2, 3, 4, 5].map(() => drawInteger(random, 1, 3)) as [
        number,
        number,
        number,
        number,
        number,
      ]
      const blocksize = int(block)
      const deep = drawTensor(random, 'float32', [n, c * block * block, h, w])
      expect(await disagreements(runtime, oneNode('DepthToSpace', [deep], { blocksize }, { opset: 7 }))).toEqual([])
      for (const mode of ['DCR', 'CRD']) {
        const attributes = { blocksize, mode: text(mode) }
        expect(await disagreements(runtime, oneNode('DepthToSpace', [deep], attributes))).toEqual([])
      }
      const wide = drawTensor(random, 'float32', [n, c, h * block, w * block])
      expect(await disagreements(runtime, oneNode('SpaceToDepth', [wide], { blocksize }))).toEqual([])
    }
  })
})
