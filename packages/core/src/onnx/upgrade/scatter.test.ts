import { afterAll, expect, it } from 'vitest'
import { between, normalTensor, operators, randomDims, worstDifference } from '../../../test/upgrading.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { type Random, seededRandom, type Tensor } from '../../tensor/index.ts'
import { type Example, oneNode } from '../../testing/against-runtime.ts'
import { int } from '../builder.ts'
import { upgradeModel } from './upgrade-model.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

const example = (random: Random): Example => {
  const rank = between(random, 1, 3)
  const data = normalTensor(random, randomDims(random, rank))
  const axis = between(random, -rank, rank - 1)
  const updates = normalTensor(random, data.dims)
  const places = Array.from(updates.data, () => BigInt(random.integer(data.dims.at(axis)!)))
  const indices: Tensor = { type: 'int64', dims: updates.dims, data: BigInt64Array.from(places) }
  const attributes = axis === 0 && random.integer(2) === 0 ? {} : { axis: int(axis) }
  return oneNode('Scatter', [data, indices, updates], attributes, { opset: between(random, 9, 10) })
}

it('puts updates where Scatter put them', async () => {
  expect(await worstDifference(runtime, 25, example)).toBe(0)
  expect(operators(upgradeModel(example(seededRandom(1)).model))).toEqual(['ScatterElements'])
})
