import { afterAll, describe, expect, it } from 'vitest'
import { graphBuilder, int, ints, type Model, type Value } from '../onnx/index.ts'
import { nodeRuntime } from '../runtime/index.ts'
import { residualNetwork } from '../testing/residual-network.ts'
import { filled } from '../testing/small-network.ts'
import { featureValue } from './feature-value.ts'
import { openBatch } from './open-batch.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const featuresOf = async (model: Model): Promise<string> => featureValue(await openBatch(runtime, model))

type Build = (
  x: Value,
  tools: {
    node: (op: string, inputs: Value[], attributes?: Parameters<ReturnType<typeof graphBuilder>['node']>[2]) => Value
    weight: (dims: number[]) => Value
  },
) => Value

/** A model of images (N × 2 × 4 × 4) with one output. */
function network(output: string, dims: number[], build: Build): Model {
  const graph = graphBuilder('features')
  const x = graph.input('x', 'float32', ['N', 2, 4, 4])
  const weight = (size: number[]) => graph.constant(filled(size, Math.sin))
  graph.output(output, build(x, { node: graph.node, weight }), 'float32', ['N', ...dims])
  return graph.model()
}

const convolution: Build = (x, { node, weight }) =>
  node('Conv', [x, weight([3, 2, 3, 3])], { kernel_shape: ints([3, 3]) })
const pooledOver: Build = (x, { node }) => node('Flatten', [node('GlobalAveragePool', [x])])
const one = { kernel_shape: ints([1, 1]) }

describe('the suggested features', () => {
  it('are what the final linear layer reads, a MatMul with a bias and a softmax too', async () => {
    expect(await featuresOf(residualNetwork())).toBe('flat')
    const softmax = network('y', [5], (x, tools) => {
      const { node, weight } = tools
      const flat = pooledOver(node('Relu', [convolution(x, tools)]), tools)
      return node('Softmax', [node('Add', [node('MatMul', [flat, weight([3, 5])]), weight([5])])], { axis: int(1) })
    })
    expect(await featuresOf(softmax)).toMatch(/^Flatten/)
  })

  it('are the output of that name, where there is one', async () => {
    const model = network('Features', [3], (x, tools) => pooledOver(convolution(x, tools), tools))
    const { graph } = model
    const logits = network('logits', [3], (x, tools) => pooledOver(convolution(x, tools), tools)).graph.outputs
    const nodes = [...graph.nodes, { ...graph.nodes.at(-1)!, inputs: ['Features'], outputs: ['logits'], name: 'again' }]
    expect(await featuresOf({ ...model, graph: { ...graph, nodes, outputs: [...logits, ...graph.outputs] } })).toBe(
      'Features',
    )
  })

  it('are what a convolution after pooling reads, and what one before pooling does that tells classes', async () => {
    const after = network('y', [5, 1, 1], (x, tools) => {
      const { node, weight } = tools
      return node('Conv', [node('GlobalAveragePool', [convolution(x, tools)]), weight([5, 3, 1, 1])], one)
    })
    expect(await featuresOf(after)).toMatch(/^GlobalAveragePool/)
    const before = (output: string) =>
      network(output, [5], (x, tools) =>
        pooledOver(tools.node('Conv', [convolution(x, tools), tools.weight([5, 3, 1, 1])], one), tools),
      )
    expect(await featuresOf(before('probabilities'))).toMatch(/^Conv/)
    expect(await featuresOf(before('y'))).toBe('y')
  })

  it('are the output of a network that ends without a classifier', async () => {
    const pooled = network('y', [3], (x, tools) => pooledOver(convolution(x, tools), tools))
    expect(await featuresOf(pooled)).toBe('y')
    const residual = network('y', [3], (x, tools) => {
      const { node, weight } = tools
      const flat = pooledOver(convolution(x, tools), tools)
      const inner = node('Relu', [node('MatMul', [flat, weight([3, 6])])])
      return node('Add', [node('MatMul', [inner, weight([6, 3])]), flat])
    })
    expect(await featuresOf(residual)).toBe('y')
  })
})
