import { afterAll, expect, it } from 'vitest'
import {
  between,
  normalTensor,
  pick,
  randomDims,
  runUpgraded,
  subset,
  worstDifference,
} from '../../../test/upgrading.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { type Random, seededRandom } from '../../tensor/index.ts'
import { type Example, oneNode } from '../../testing/against-runtime.ts'
import { ints } from '../builder.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

it('cuts as Slice did, with ends and starts beyond the tensor', async () => {
  const example = (random: Random): Example => {
    const rank = between(random, 1, 4)
    const axes = pick(random, [subset(random, rank), undefined])
    const count = axes?.length ?? between(random, 1, rank)
    const places = (): (number | bigint)[] =>
      Array.from({ length: count }, () => (random.integer(4) === 0 ? 2n ** 63n - 1n : between(random, -6, 6)))
    const lists = { starts: ints(places()), ends: ints(places()), ...(axes === undefined ? {} : { axes: ints(axes) }) }
    return oneNode('Slice', [normalTensor(random, randomDims(random, rank))], lists, { opset: between(random, 7, 9) })
  }
  expect(await worstDifference(runtime, 40, example)).toBe(0)
})

it('leaves a Slice alone that has its places as inputs', async () => {
  const place = (value: bigint) => ({ type: 'int64', dims: [1], data: BigInt64Array.of(value) }) as const
  const inputs = [normalTensor(seededRandom(1), [4]), place(1n), place(3n)]
  const example = oneNode('Slice', inputs, {}, { opset: 10, stored: [1, 2] })
  const { upgraded, difference } = await runUpgraded(runtime, example)
  expect(upgraded.graph.nodes[0]).toBe(example.model.graph.nodes[0])
  expect(difference).toBe(0)
})
