import { afterAll, describe, expect, it } from 'vitest'
import { float } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { disagreements, oneNode } from '../../testing/against-runtime.ts'
import { drawDims, drawNarrower, draws, drawTensor, tensorFrom } from '../../testing/draw.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

describe('choosing', () => {
  it('Clip by attributes, either or both', async () => {
    const x = drawTensor(draws(1)[0]!, 'float32', [20])
    for (const attributes of [{}, { min: float(-0.3) }, { max: float(0.7) }, { min: float(-0.3), max: float(0.7) }]) {
      expect(await disagreements(runtime, oneNode('Clip', [x], attributes, { opset: 7 }))).toEqual([])
    }
  })

  it('Clip by inputs, either or both, the maximum ruling', async () => {
    const scalar = (x: number) => tensorFrom('float64', [], [x])
    const x = drawTensor(draws(1)[0]!, 'float64', [4, 5])
    const bounds = [[], [scalar(-1)], [undefined, scalar(1)], [scalar(-1), scalar(1)], [scalar(1), scalar(-1)]]
    for (const given of bounds) {
      for (const opset of [12, 17]) {
        expect(await disagreements(runtime, oneNode('Clip', [x, ...given], {}, { opset }))).toEqual([])
      }
    }
  })

  it('Where broadcasts all three', async () => {
    for (const random of draws(10)) {
      const dims = drawDims(random, 0, 4)
      for (const type of ['float32', 'int64'] as const) {
        const condition = drawTensor(random, 'bool', drawNarrower(random, dims))
        const [x, y] = [0, 1].map(() => drawTensor(random, type, drawNarrower(random, dims)))
        expect(await disagreements(runtime, oneNode('Where', [condition, x, y]))).toEqual([])
      }
    }
  })
})
