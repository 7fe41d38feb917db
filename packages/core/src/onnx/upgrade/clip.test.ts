import { afterAll, describe, expect, it } from 'vitest'
import { between, normalTensor, operators, randomDims, runUpgraded, worstDifference } from '../../../test/upgrading.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { type Random, seededRandom, type Tensor } from '../../tensor/index.ts'
import { type Example, oneNode } from '../../testing/against-runtime.ts'
import { float } from '../builder.ts'
import type { Attribute } from '../model.ts'
import { ownNode } from './nodes.ts'
import { upgradeModel } from './upgrade-model.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

/** 16-bit floats: 0, 0.5, 1, 2, −1, −2 and the largest. */
const halves: Tensor = {
  type: 'float16',
  dims: [7],
  data: Uint16Array.of(0, 0x3800, 0x3c00, 0x4000, 0xbc00, 0xc000, 0x7bff),
}

describe('Clip', () => {
  it('keeps to the limits that were attributes, either or both or none of them', async () => {
    const example = (random: Random): Example => {
      const x = normalTensor(random, randomDims(random, between(random, 0, 3)))
      x.data[0] = 3e38
      const min = random.integer(2) === 0 ? {} : { min: float(-random.uniform()) }
      const max = random.integer(2) === 0 ? {} : { max: float(random.uniform()) }
      return oneNode('Clip', [x], { ...min, ...max }, { opset: between(random, 7, 10) })
    }
    expect(await worstDifference(runtime, 30, example)).toBe(0)
  })

  it('stores limits in the type of the input, and the old defaults too where they are not its ends', async () => {
    const x: Tensor = { type: 'float64', dims: [1], data: Float64Array.of(1e300) }
    const stored = upgradeModel(oneNode('Clip', [x], {}, { opset: 7 }).model).graph.initializers
    const largest = 3.4028234663852886e38
    expect([...stored.values()].map(({ type, data }) => [type, data[0]])).toEqual([
      ['float64', -largest],
      ['float64', largest],
    ])
    const half = await runUpgraded(runtime, oneNode('Clip', [halves], { max: float(1), min: float(-1) }, { opset: 8 }))
    expect(operators(half.upgraded)).toEqual(['CastLike', 'CastLike', 'Clip'])
    expect(half.difference).toBe(0)
  })

  it('casts limits to the type of an input whose type is not known', async () => {
    const x = normalTensor(seededRandom(3), [6])
    const { model, inputs } = oneNode('Clip', [x], { max: float(0.25) }, { opset: 9 })
    const branch = (op: string): Attribute => {
      const nodes = [ownNode(op, ['input_0'], [op])]
      const value = { name: op, nodes, inputs: [], outputs: [{ name: op }], initializers: new Map(), values: [] }
      return { type: 'graph', value }
    }
    const branches = { then_branch: branch('Neg'), else_branch: branch('Abs') }
    const nodes = [
      ownNode('If', ['condition'], ['chosen'], branches),
      ...model.graph.nodes.map((node) => ({ ...node, inputs: ['chosen'] })),
    ]
    const condition: Tensor = { type: 'bool', dims: [], data: Uint8Array.of(1) }
    const graph = { ...model.graph, nodes, initializers: new Map([['condition', condition]]) }
    const { upgraded, difference } = await runUpgraded(runtime, { model: { ...model, graph }, inputs })
    expect(operators(upgraded)).toEqual(['If', 'CastLike', 'Clip'])
    expect(difference).toBe(0)
  })
})
