import { afterAll, describe, expect, it } from 'vitest'
import { between, normalTensor, operators, randomDims, runUpgraded, worstDifference } from '../../../test/upgrading.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { seededRandom } from '../../tensor/index.ts'
import { oneNode } from '../../testing/against-runtime.ts'
import { float } from '../builder.ts'
import { upgradeModel } from './upgrade-model.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

const x = normalTensor(seededRandom(1), [2, 3])

describe('Dropout', () => {
  it('gives its input back', async () => {
    const worst = await worstDifference(runtime, 10, (random) => {
      const ratio = random.integer(3) === 0 ? {} : { ratio: float(random.uniform()) }
      const dims = randomDims(random, between(random, 0, 3))
      return oneNode('Dropout', [normalTensor(random, dims)], ratio, { opset: between(random, 7, 11) })
    })
    expect(worst).toBe(0)
  })

  it('keeps its ratio for training', async () => {
    const { upgraded } = await runUpgraded(runtime, oneNode('Dropout', [x], { ratio: float(0.25) }, { opset: 7 }))
    const ratio = upgraded.graph.initializers.get(upgraded.graph.nodes[0]!.inputs[1]!)!
    expect([ratio.type, ratio.dims, ratio.data[0]]).toEqual(['float32', [], 0.25])
  })

  it('gives no mask where none is read, though the file describes one', async () => {
    const { model, inputs } = oneNode('Dropout', [x], {}, { opset: 7, outputs: 2 })
    const [y, mask] = model.graph.outputs
    const graph = { ...model.graph, outputs: [y!], values: [{ ...mask!, type: 'float32' as const, dims: [2, 3] }] }
    const { upgraded, difference } = await runUpgraded(runtime, { model: { ...model, graph }, inputs })
    expect(upgraded.graph.nodes.map(({ outputs }) => outputs)).toEqual([['output_0']])
    expect(difference).toBe(0)
  })

  it('gives a mask of the old type that keeps everything', async () => {
    for (const [opset, type] of [
      [7, 'float32'],
      [10, 'bool'],
    ] as const) {
      const { model, inputs } = oneNode('Dropout', [x], {}, { opset, outputs: 2 })
      const upgraded = upgradeModel(model)
      expect(operators(upgraded)).toEqual(opset === 7 ? ['Dropout', 'CastLike'] : ['Dropout'])
      const { output_0: y, output_1: mask } = await runtime.run(upgraded, inputs)
      expect(y!.data).toEqual(x.data)
      expect(mask!.type).toBe(type)
      expect([...mask!.data]).toEqual([1, 1, 1, 1, 1, 1])
    }
  })
})
