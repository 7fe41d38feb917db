import { afterAll, describe, expect, it } from 'vitest'
import { parametersOf, withParameters } from '../autodiff/index.ts'
import { float, graphBuilder, int, ints, type Model, readModel, writeModel } from '../onnx/index.ts'
import { nodeRuntime } from '../runtime/index.ts'
import type { Tensor } from '../tensor/index.ts'
import { filled, smallBatch, smallNetwork } from '../testing/small-network.ts'
import { constantRate, meanSquaredError, sgd, type TrainOptions, tensorData, train } from './index.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const { input } = smallBatch(0, 20)
const settings: TrainOptions = {
  data: tensorData({ input, target: filled([20, 2], (k) => k % 2) }),
  losses: [meanSquaredError({ output: 'logits' })],
  optimiser: sgd(),
  schedule: constantRate(0.1),
  batchSize: 8,
  epochs: 2,
}
const run = (model: Model, options: Partial<TrainOptions> = {}) => train(runtime, model, { ...settings, ...options })

const tensors = ({ graph }: Model, names: readonly string[]): Record<string, Tensor> =>
  Object.fromEntries(
    names.map((name) => {
      const node = graph.nodes.find(({ outputs }) => outputs[0] === name)
      const value = node?.attributes.value
      return [name, value?.type === 'tensor' ? value.value : graph.initializers.get(name)!]
    }),
  )

/** As exporters of 2021 wrote it: opset 13, axes as an attribute, metadata, names for sizes. */
function oldModel(): Model {
  const graph = graphBuilder('old')
  const x = graph.input('input', 'float32', ['batch', 3])
  const weight = graph.constant(
    filled([3, 2], (k) => Math.sin(k)),
    'weight',
  )
  const scale = graph.constant(
    filled([2], () => 0.9),
    'scale',
  )
  const centred = graph.node('Sub', [x, graph.node('ReduceMean', [x], { axes: ints([1]), keepdims: int(1) })])
  const y = graph.node('Mul', [graph.node('MatMul', [centred, weight]), scale])
  graph.output('logits', graph.node('LeakyRelu', [y], { alpha: float(0.2) }), 'float32', ['batch', 2])
  const model = { ...graph.model({ author: 'someone' }), opsets: { '': 13 }, irVersion: 7 }
  return readModel(writeModel(model))
}

describe('a trained model', () => {
  it('is the file it was but for its weights, also at an old opset', async () => {
    const model = oldModel()
    const { model: trained } = await run(model)
    expect(trained.opsets).toEqual({ '': 13 })
    const names = parametersOf(model)
    expect(names).toEqual(['weight', 'scale'])
    expect(tensors(trained, names).weight).not.toEqual(tensors(model, names).weight)
    expect(tensors(trained, names).scale).not.toEqual(tensors(model, names).scale)
    expect(writeModel(withParameters(trained, tensors(model, names)))).toEqual(writeModel(model))
  })

  it('computes what was trained', async () => {
    const model = oldModel()
    let predicted: unknown
    const score: NonNullable<TrainOptions['validation']>['score'] = async (predict) => {
      predicted = (await predict({ input })).logits!.data
      return -1
    }
    const { model: trained } = await run(model, { epochs: 1, validation: { score } })
    const { logits } = await runtime.runFile(writeModel(trained), { input })
    const distance = Array.from(logits!.data as Float32Array, (x, i) => Math.abs(x - (predicted as Float32Array)[i]!))
    expect(Math.max(...distance)).toBeLessThan(1e-6)
  })

  it('has its frozen weights bit for bit', async () => {
    const model = smallNetwork()
    const { model: trained } = await run(model, {
      trainable: (name) => name === 'second.bias',
      optimiser: sgd({ weightDecay: 0.1 }),
    })
    for (const name of ['first.weight', 'first.bias', 'second.weight']) {
      expect(trained.graph.initializers.get(name)).toBe(model.graph.initializers.get(name))
    }
    expect(trained.graph.initializers.get('second.bias')).not.toEqual(model.graph.initializers.get('second.bias'))
  })

  it('has its weights where it had them, in Constant nodes and copies of initialisers as well', async () => {
    const small = smallNetwork()
    const { graph } = small
    const constant = (name: string) => ({
      op: 'Constant',
      domain: '',
      name: `${name} node`,
      inputs: [],
      outputs: [name],
      attributes: { value: { type: 'tensor' as const, value: graph.initializers.get(name)! } },
    })
    const initializers = new Map([...graph.initializers].filter(([name]) => !name.startsWith('first')))
    const nodes = [constant('first.weight'), constant('first.bias'), ...graph.nodes]
    const model = { ...small, graph: { ...graph, nodes, initializers } }
    const [{ model: trained }, { model: plain }] = [await run(model), await run(small)]
    const names = ['first.weight', 'first.bias', 'second.weight', 'second.bias']
    expect(tensors(trained, names)).toEqual(tensors(plain, names))
    expect(tensors(trained, names)).not.toEqual(tensors(small, names))
    expect(trained.graph.nodes.map(({ op, name }) => [op, name])).toEqual(nodes.map(({ op, name }) => [op, name]))
    expect([...trained.graph.initializers.keys()]).toEqual(['second.weight', 'second.bias'])
    expect(writeModel(withParameters(trained, tensors(model, names)))).toEqual(writeModel(model))
  })
})
