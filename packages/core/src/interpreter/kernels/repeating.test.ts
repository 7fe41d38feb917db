import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../../runtime/index.ts'
import { integerTensor } from '../../tensor/index.ts'
import { disagreements, oneNode } from '../../testing/against-runtime.ts'
import { drawDims, drawInteger, drawNarrower, draws, drawTensor } from '../../testing/draw.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

describe('repeating', () => {
  it('Expand to a shape that either side broadcasts to', async () => {
    for (const random of draws(20)) {
      const dims = drawDims(random, 0, 4)
      const [x, shape] = [drawTensor(random, 'float64', drawNarrower(random, dims)), drawNarrower(random, dims)]
      expect(await disagreements(runtime, oneNode('Expand', [x, integerTensor(shape)]))).toEqual([])
      expect(await disagreements(runtime, oneNode('Expand', [x, integerTensor(dims)]))).toEqual([])
    }
  })

  it('Tile, no times too', async () => {
    for (const random of draws(20)) {
      const dims = drawDims(random, 1, 4)
      const repeats = integerTensor(dims.map(() => drawInteger(random, 0, 3)))
      expect(await disagreements(runtime, oneNode('Tile', [drawTensor(random, 'float32', dims), repeats]))).toEqual([])
    }
  })
})
