import { afterAll, describe, expect, it } from 'vitest'
import { between, normalTensor, randomDims, runUpgraded, worstDifference } from '../../../test/upgrading.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { type Random, seededRandom } from '../../tensor/index.ts'
import { type Example, oneNode } from '../../testing/against-runtime.ts'
import { int, ints } from '../builder.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

const setting = (random: Random, opset: number) => {
  const rank = between(random, 1, 3)
  const axis = between(random, opset >= 11 ? -rank : 0, rank - 1)
  return { dims: randomDims(random, rank), axis, place: (axis + rank) % rank }
}

describe('Split', () => {
  it('gives parts of the sizes that were an attribute', async () => {
    const example = (random: Random): Example => {
      const opset = between(random, 7, 12)
      const { dims, axis, place } = setting(random, opset)
      const sizes = randomDims(random, between(random, 1, 3))
      dims[place] = sizes.reduce((a, b) => a + b)
      const attributes = { axis: int(axis), split: ints(sizes) }
      return oneNode('Split', [normalTensor(random, dims)], attributes, { opset, outputs: sizes.length })
    }
    expect(await worstDifference(runtime, 25, example)).toBe(0)
  })

  it('gives equal parts where no sizes are given', async () => {
    const example = (random: Random): Example => {
      const opset = between(random, 7, 17)
      const { dims, axis, place } = setting(random, opset)
      const outputs = between(random, 1, 3)
      dims[place] = outputs * between(random, 1, 3)
      return oneNode('Split', [normalTensor(random, dims)], { axis: int(axis) }, { opset, outputs })
    }
    expect(await worstDifference(runtime, 25, example)).toBe(0)
  })

  it('keeps sizes that are an input', async () => {
    const sizes = { type: 'int64', dims: [2], data: BigInt64Array.of(1n, 3n) } as const
    const inputs = [normalTensor(seededRandom(1), [4]), sizes]
    for (const stored of [[1], []]) {
      const example = oneNode('Split', inputs, {}, { opset: 13, outputs: 2, stored })
      const { upgraded, difference } = await runUpgraded(runtime, example)
      expect(upgraded.graph.nodes[0]).toBe(example.model.graph.nodes[0])
      expect(difference).toBe(0)
    }
  })
})
