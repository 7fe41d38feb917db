import { afterAll, describe, expect, it } from 'vitest'
import {
  between,
  normalTensor,
  operators,
  pick,
  randomDims,
  runUpgraded,
  subset,
  worstDifference,
} from '../../../test/upgrading.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { type Random, seededRandom } from '../../tensor/index.ts'
import { type Example, oneNode } from '../../testing/against-runtime.ts'
import { int, ints } from '../builder.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

/** Axes counted from the front or, where the operator set has that, some from the back. */
const signed = (random: Random, axes: readonly number[], rank: number, opset: number): number[] =>
  axes.map((axis) => (opset >= 11 && random.integer(2) === 0 ? axis - rank : axis))

const reduction =
  (op: string, before: number) =>
  (random: Random): Example => {
    const opset = between(random, 7, before - 1)
    const rank = between(random, 1, 4)
    const x = normalTensor(random, randomDims(random, rank, 2))
    const positive = { ...x, data: x.data.map((value) => Math.abs(value) + 0.1) }
    const axes = random.integer(4) === 0 ? {} : { axes: ints(signed(random, subset(random, rank), rank, opset)) }
    const keepdims = random.integer(2) === 0 ? {} : { keepdims: int(random.integer(2)) }
    return oneNode(op, [positive], { ...axes, ...keepdims }, { opset })
  }

describe('axes as an input', () => {
  const others = 'L1 L2 LogSum LogSumExp Max Mean Min Prod SumSquare'.split(' ')
  for (const [op, before] of [['ReduceSum', 13] as const, ...others.map((name) => [`Reduce${name}`, 18] as const)]) {
    it(`gives what ${op} gave`, async () => {
      expect(await worstDifference(runtime, 40, reduction(op, before))).toBe(0)
    })
  }

  it('takes an empty list of axes for none', async () => {
    const { upgraded, difference } = await runUpgraded(
      runtime,
      oneNode('ReduceMean', [normalTensor(seededRandom(1), [2, 3])], { axes: ints([]) }, { opset: 13 }),
    )
    expect(upgraded.graph.nodes[0]!.inputs).toHaveLength(1)
    expect(difference).toBe(0)
  })

  it('gives what Squeeze gave, with axes and without', async () => {
    const example = (random: Random): Example => {
      const opset = between(random, 7, 12)
      const dims = randomDims(random, 4, 2)
      const ones = subset(random, 4)
      for (const axis of ones) dims[axis] = 1
      const axes = pick(random, [undefined, [], ones, ones.slice(1)])
      const attributes = axes === undefined ? {} : { axes: ints(signed(random, axes, 4, opset)) }
      return oneNode('Squeeze', [normalTensor(random, dims)], attributes, { opset })
    }
    expect(await worstDifference(runtime, 30, example)).toBe(0)
  })

  it('gives what Unsqueeze gave', async () => {
    const example = (random: Random): Example => {
      const opset = between(random, 7, 12)
      const rank = between(random, 0, 3)
      const axes = subset(random, rank + 2).slice(0, 2)
      const all = rank + axes.length
      const inRange = axes.map((axis) => Math.min(axis, all - 1))
      const distinct = [...new Set(inRange)].filter((axis) => axis < rank + new Set(inRange).size)
      const attributes = { axes: ints(signed(random, distinct, rank + distinct.length, opset)) }
      return oneNode('Unsqueeze', [normalTensor(random, randomDims(random, rank))], attributes, { opset })
    }
    expect(await worstDifference(runtime, 30, example)).toBe(0)
  })

  it('leaves reductions alone that have their axes as an input', async () => {
    const axes = { type: 'int64', dims: [1], data: BigInt64Array.of(1n) } as const
    const example = oneNode('ReduceSum', [normalTensor(seededRandom(2), [2, 3]), axes], {}, { opset: 14, stored: [1] })
    const { upgraded, difference } = await runUpgraded(runtime, example)
    expect(upgraded.graph.nodes[0]).toBe(example.model.graph.nodes[0])
    expect(operators(upgraded)).toEqual(['ReduceSum'])
    expect(difference).toBe(0)
  })
})
