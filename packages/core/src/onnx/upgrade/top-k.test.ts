import { afterAll, expect, it } from 'vitest'
import { between, normalTensor, randomDims, worstDifference } from '../../../test/upgrading.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import type { Random } from '../../tensor/index.ts'
import { type Example, oneNode } from '../../testing/against-runtime.ts'
import { int } from '../builder.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

it('gives the largest elements and their places as TopK did, the first of equal ones first', async () => {
  const example = (random: Random): Example => {
    const rank = between(random, 1, 3)
    const x = normalTensor(random, randomDims(random, rank))
    const axis = between(random, 0, rank - 1)
    const k = between(random, 1, x.dims[axis]!)
    const attributes = { k: int(k), ...(axis === rank - 1 && random.integer(2) === 0 ? {} : { axis: int(axis) }) }
    const coarse = { ...x, data: x.data.map(Math.round) }
    return oneNode('TopK', [coarse], attributes, { opset: between(random, 7, 9), outputs: 2 })
  }
  expect(await worstDifference(runtime, 30, example)).toBe(0)
})
