import { afterAll, describe, expect, it } from 'vitest'
import { normalTensor, randomDims, runUpgraded, worstDifference } from '../../../test/upgrading.ts'
import { UnsupportedOperatorError } from '../../errors.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { type Random, seededRandom } from '../../tensor/index.ts'
import { type Example, oneNode } from '../../testing/against-runtime.ts'
import { int, ints } from '../builder.ts'
import type { Graph } from '../model.ts'
import { ownNode } from './nodes.ts'
import { upgradeModel } from './upgrade-model.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

const values = (...names: string[]) => names.map((name) => ({ name, type: 'float32' as const, dims: [null] }))

/** `state ← min(state + a · b, 1)`, giving `softmax(state) + input_4`: old forms, and a value from around the loop. */
const body: Graph = {
  name: 'body',
  nodes: [
    ownNode('Mul', ['a', 'b'], ['product']),
    ownNode('Add', ['state', 'product'], ['sum']),
    ownNode('Clip', ['sum'], ['next'], { max: { type: 'float', value: 1 } }),
    ownNode('Softmax', ['next'], ['soft'], { axis: int(0) }),
    ownNode('Add', ['soft', 'input_4'], ['given']),
  ],
  inputs: values('state', 'a', 'b'),
  outputs: values('next', 'given'),
  initializers: new Map(),
  values: [],
}

const example = (random: Random): Example => {
  const [batch, length, width] = randomDims(random, 3) as [number, number, number]
  const state = normalTensor(random, [batch, width])
  const sequences = [1, 2].map(() => normalTensor(random, [batch, length, width]))
  const directions = random.integer(2) === 0 ? {} : { directions: ints([random.integer(2), random.integer(2)]) }
  const attributes = { body: { type: 'graph', value: body }, num_scan_inputs: int(2), ...directions } as const
  const inputs = [undefined, state, ...sequences, normalTensor(random, [width])]
  const { model, inputs: fed } = oneNode('Scan', inputs, attributes, { opset: 8, outputs: 2 })
  const nodes = model.graph.nodes.map((node) => ({ ...node, inputs: node.inputs.slice(0, 4) }))
  return { model: { ...model, graph: { ...model.graph, nodes } }, inputs: fed }
}

describe('Scan of opset 8', () => {
  it('goes over the batch and along each row, in both directions', async () => {
    expect(await worstDifference(runtime, 12, example)).toBeLessThan(1e-6)
  })

  it('is refused with lengths of sequences', () => {
    const { model } = example(seededRandom(1))
    const nodes = model.graph.nodes.map((node) => ({ ...node, inputs: ['lengths', ...node.inputs.slice(1)] }))
    const refused = { ...model, graph: { ...model.graph, nodes } }
    expect(() => upgradeModel(refused)).toThrow(UnsupportedOperatorError)
  })

  it('is as it was from 9 on, but for its body', async () => {
    const { model } = example(seededRandom(2))
    const random = seededRandom(3)
    const nodes = model.graph.nodes.map(({ attributes: { directions: _, ...attributes }, ...node }) => ({
      ...node,
      inputs: node.inputs.slice(1),
      attributes,
    }))
    const inputs = [[2], [3, 2], [3, 2], [2]].map((dims, i) => [`input_${i + 1}`, normalTensor(random, dims)] as const)
    const declared = inputs.map(([name, { type, dims }]) => ({ name, type, dims }))
    const later = { ...model, opsets: { '': 9 }, graph: { ...model.graph, nodes, inputs: declared } }
    const { upgraded, difference } = await runUpgraded(runtime, { model: later, inputs: Object.fromEntries(inputs) })
    expect(upgraded.graph.nodes[0]!.inputs).toEqual(nodes[0]!.inputs)
    expect(difference).toBeLessThan(1e-6)
  })
})
