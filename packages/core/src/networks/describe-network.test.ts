import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../runtime/index.ts'
import { residualNetwork } from '../testing/residual-network.ts'
import { describeNetwork } from './describe-network.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

describe('a network', () => {
  it('has blocks from cut to cut, the features before its classifier, and the classifier apart', async () => {
    const { model: _, rows: __, parameters, ...network } = await describeNetwork(runtime, residualNetwork())
    expect(parameters).toEqual([...network.blocks, ...network.head].flatMap((block) => block.parameters))
    expect(network).toEqual({
      input: { name: 'input', type: 'float32', dims: [2, 6, 6] },
      blocks: [
        {
          name: 'stem.conv',
          operators: ['Conv', 'BatchNormalization', 'Relu'],
          parameters: ['stem.conv.weight', 'stem.conv.bias', 'stem.norm.weight', 'stem.norm.bias'],
          parameterCount: 63,
          output: 'entry',
          dims: [3, 6, 6],
        },
        {
          name: 'layer1.conv',
          operators: ['Conv', 'Add', 'GlobalAveragePool', 'Flatten'],
          parameters: ['layer1.conv.weight'],
          parameterCount: 81,
          output: 'flat',
          dims: [3],
        },
      ],
      features: 'flat',
      dims: [3],
      head: [
        {
          name: 'fc',
          operators: ['Gemm'],
          parameters: ['fc.weight', 'fc.bias'],
          parameterCount: 16,
          output: 'logits',
          dims: [4],
        },
      ],
      outputs: [{ name: 'logits', type: 'float32', dims: [4] }],
    })
  })

  it('can be told which value its features are', async () => {
    const { blocks, features, dims, head } = await describeNetwork(runtime, residualNetwork(), { features: 'entry' })
    expect(blocks.map(({ name }) => name)).toEqual(['stem.conv'])
    expect({ features, dims }).toEqual({ features: 'entry', dims: [3, 6, 6] })
    expect(head.map(({ name }) => name)).toEqual(['layer1.conv', 'fc'])
    await expect(describeNetwork(runtime, residualNetwork(), { features: 'fc.weight' })).rejects.toThrow(
      '"fc.weight" is not',
    )
  })
})
