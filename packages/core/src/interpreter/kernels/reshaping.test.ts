import { afterAll, describe, expect, it } from 'vitest'
import { int, ints } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { integerTensor } from '../../tensor/index.ts'
import { disagreements, oneNode } from '../../testing/against-runtime.ts'
import { drawDims, drawInteger, drawOne, drawSome, draws, drawTensor } from '../../testing/draw.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

describe('reshaping', () => {
  it('Reshape keeps sizes at 0 and fits the one at -1', async () => {
    const cases = [
      [
        [2, 3, 4],
        [4, 6],
      ],
      [
        [2, 3, 4],
        [0, -1],
      ],
      [
        [2, 3, 4],
        [0, 0, 2, 2],
      ],
      [[2, 3, 4], [-1]],
      [[1, 1], []],
      [
        [0, 3],
        [3, -1],
      ],
      [
        [0, 3],
        [0, 7],
      ],
    ]
    for (const [dims, shape] of cases) {
      const inputs = [drawTensor(draws(1)[0]!, 'float32', dims!), integerTensor(shape!)]
      for (const opset of [7, 17]) {
        expect(await disagreements(runtime, oneNode('Reshape', inputs, {}, { opset }))).toEqual([])
      }
    }
  })

  it('Reshape takes 0 for a size where it says so', async () => {
    const inputs = [drawTensor(draws(1)[0]!, 'float32', [0, 3]), integerTensor([3, 0, 2])]
    expect(await disagreements(runtime, oneNode('Reshape', inputs, { allowzero: int(1) }))).toEqual([])
  })

  it('Flatten at any axis', async () => {
    for (const random of draws(12)) {
      const dims = drawDims(random, 1, 4)
      const x = drawTensor(random, 'float32', dims)
      expect(await disagreements(runtime, oneNode('Flatten', [x]))).toEqual([])
      const axis = int(drawInteger(random, -dims.length, dims.length))
      expect(await disagreements(runtime, oneNode('Flatten', [x], { axis }))).toEqual([])
    }
  })

  it('Squeeze and Unsqueeze, their axes an attribute or an input', async () => {
    for (const random of draws(16)) {
      const dims = drawDims(random, 1, 4).map((dim) => drawOne(random, [1, dim]))
      const x = drawTensor(random, 'float32', dims)
      const fromEnd = (rank: number) => (axis: number) => axis - rank * drawInteger(random, 0, 1)
      const ones = drawSome(
        random,
        [...dims.keys()].filter((axis) => dims[axis] === 1),
      ).map(fromEnd(dims.length))
      if (ones.length > 0) {
        expect(await disagreements(runtime, oneNode('Squeeze', [x], { axes: ints(ones) }, { opset: 11 }))).toEqual([])
        expect(await disagreements(runtime, oneNode('Squeeze', [x, integerTensor(ones)]))).toEqual([])
      }
      expect(await disagreements(runtime, oneNode('Squeeze', [x], {}, { opset: 11 }))).toEqual([])
      expect(await disagreements(runtime, oneNode('Squeeze', [x]))).toEqual([])
      const rank = dims.length + 2
      const first = drawInteger(random, 0, rank - 1)
      const second = (first + drawInteger(random, 1, rank - 1)) % rank
      const added = [first, second].map(fromEnd(rank))
      expect(await disagreements(runtime, oneNode('Unsqueeze', [x], { axes: ints(added) }, { opset: 11 }))).toEqual([])
      expect(await disagreements(runtime, oneNode('Unsqueeze', [x, integerTensor(added)]))).toEqual([])
    }
  })
})
