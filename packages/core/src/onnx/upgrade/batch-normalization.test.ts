import { afterAll, describe, expect, it } from 'vitest'
import { between, normalTensor, operators, randomDims, runUpgraded, worstDifference } from '../../../test/upgrading.ts'
import { UnsupportedOperatorError } from '../../errors.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { type Random, seededRandom, type Tensor } from '../../tensor/index.ts'
import { type Example, oneNode } from '../../testing/against-runtime.ts'
import { float, int } from '../builder.ts'
import { upgradeModel } from './upgrade-model.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

/** An input of `N × C × …`, and scale, offset, mean and variance of the given shape. */
const tensors = (random: Random, dims: readonly number[], perDims: readonly number[]): Tensor<'float32'>[] => {
  const [x, scale, offset, mean, variance] = [dims, perDims, perDims, perDims, perDims].map((each) =>
    normalTensor(random, each),
  )
  return [x!, scale!, offset!, mean!, { ...variance!, data: variance!.data.map((value) => value * value) }]
}
const epsilonOf = (random: Random) => (random.integer(2) === 0 ? {} : { epsilon: float(10 ** -between(random, 1, 5)) })
const stored = [1, 2, 3, 4]

describe('BatchNormalization', () => {
  it('normalises channels as it did', async () => {
    const example = (random: Random): Example => {
      const opset = between(random, 7, 17)
      const dims = randomDims(random, between(random, 2, 5))
      const spatial = opset < 9 && random.integer(2) === 0 ? { spatial: int(1) } : {}
      const attributes = { ...epsilonOf(random), ...spatial, momentum: float(0.8) }
      return oneNode('BatchNormalization', tensors(random, dims, [dims[1]!]), attributes, { opset, stored })
    }
    expect(await worstDifference(runtime, 25, example)).toBe(0)
  })

  it('normalises positions as it did', async () => {
    const example = (random: Random): Example => {
      const dims = randomDims(random, between(random, 2, 4))
      const attributes = { ...epsilonOf(random), spatial: int(0) }
      const opset = between(random, 7, 8)
      return oneNode('BatchNormalization', tensors(random, dims, dims.slice(1)), attributes, { opset, stored })
    }
    expect(await worstDifference(runtime, 25, example)).toBeLessThan(1e-5)
  })

  const training = (opset: number, attributes = {}) =>
    oneNode('BatchNormalization', tensors(seededRandom(1), [4, 3, 2], [3]), attributes, { opset, outputs: 5 })
  const giving = ({ model, inputs }: Example, count: number): Example => ({
    model: { ...model, graph: { ...model.graph, outputs: model.graph.outputs.slice(0, count) } },
    inputs,
  })

  it('trains where it did, by the batch’s statistics, and gives the running ones', async () => {
    for (const opset of [7, 9, 13]) {
      for (const count of [1, 3]) {
        const example = giving(training(opset, { momentum: float(0.7) }), count)
        const { upgraded, difference } = await runUpgraded(runtime, example)
        expect(difference).toBeLessThan(1e-6)
        expect(upgraded.graph.nodes[0]!.outputs).toHaveLength(3)
      }
    }
  })

  it('does not train where its further outputs are absent', () => {
    const { model } = giving(training(9), 1)
    const nodes = model.graph.nodes.map((node) => ({ ...node, outputs: ['output_0', '', ''] }))
    const [node] = upgradeModel({ ...model, graph: { ...model.graph, nodes } }).graph.nodes
    expect(node!.outputs).toEqual(['output_0'])
    expect(node!.attributes).toEqual({})
  })

  it('is refused where it gives what opset 18 cannot', () => {
    expect(() => upgradeModel(training(9).model)).toThrow(UnsupportedOperatorError)
    expect(() => upgradeModel(giving(training(7, { spatial: int(0) }), 1).model)).toThrow('spatial = 0')
    expect(operators(upgradeModel(giving(training(9), 3).model))).toEqual(['BatchNormalization'])
  })
})
