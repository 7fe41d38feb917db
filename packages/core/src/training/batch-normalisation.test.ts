import { afterAll, describe, expect, it } from 'vitest'
import { builderOn, type Model } from '../onnx/index.ts'
import { nodeRuntime } from '../runtime/index.ts'
import type { Tensor } from '../tensor/index.ts'
import { smallBatch, smallNetwork } from '../testing/small-network.ts'
import {
  compileStep,
  constantRate,
  runStep,
  type StepOptions,
  sgd,
  softmaxCrossEntropy,
  tensorData,
  train,
} from './index.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const batch = smallBatch(0, 6)
const losses = [softmaxCrossEntropy({ logits: 'logits' })]
const compile = (options: Partial<StepOptions> = {}, model = smallNetwork({ normalised: true })) =>
  compileStep(runtime, model, { batch, losses, optimiser: sgd(), batchNormalisation: 'batch', ...options })

const numbers = (tensor: Tensor | undefined) => Array.from(tensor!.data as Float32Array)

/** The small network with one of the inputs of its normalisation read elsewhere as well. */
function sharing(position: number, change: (inputs: readonly string[], x: string) => string[]): Model {
  const graph = builderOn(smallNetwork({ normalised: true }))
  const norm = graph.model().graph.nodes.find(({ op }) => op === 'BatchNormalization')!
  const second = graph.node('BatchNormalization', change(norm.inputs, norm.inputs[0]!))
  graph.output(`second ${position}`, second, 'float32', ['N', 4])
  const model = graph.model()
  // The logits depend on both.
  const nodes = model.graph.nodes.map((node) =>
    node.op === 'Tanh' ? { ...node, op: 'Add', inputs: [node.inputs[0]!, second] } : node,
  )
  const order = [
    ...nodes.filter(({ op }) => op === 'Gemm').slice(0, 1),
    ...nodes.filter(({ op }) => op === 'BatchNormalization'),
  ]
  return { ...model, graph: { ...model.graph, nodes: [...order, ...nodes.filter((node) => !order.includes(node))] } }
}

describe('batch normalisation', () => {
  it('in a step by running statistics leaves these as they are', async () => {
    const step = await compile({ batchNormalisation: 'fixed' })
    expect(Object.keys(step.start)).not.toContain('norm.mean')
    expect(step.model.graph.initializers.has('norm.mean')).toBe(true)
  })

  it('in a step by the batch moves the running statistics a tenth of the way to its own', async () => {
    const step = await compile()
    expect(Object.keys(step.weights).sort()).toEqual([
      'first.bias',
      'first.weight',
      'norm.bias',
      'norm.mean',
      'norm.variance',
      'norm.weight',
      'second.bias',
      'second.weight',
    ])
    expect(step.parameters).not.toContain('norm.mean')
    const { state } = await runStep(runtime, step, step.start, batch, { step: 0, learningRate: 0.1 })
    const { first } = await runtime.run(firstLayer(), { input: batch.input })
    const column = (j: number) => numbers(first).filter((_, i) => i % 4 === j)
    const mean = (list: number[]) => list.reduce((sum, value) => sum + value, 0) / list.length
    for (let j = 0; j < 4; j++) {
      const centre = mean(column(j))
      expect(numbers(state['norm.mean'])[j]).toBeCloseTo(0.1 * centre, 6)
      const variance = mean(column(j).map((value) => (value - centre) ** 2))
      expect(numbers(state['norm.variance'])[j]).toBeCloseTo(0.9 + 0.1 * variance, 6)
    }
  })

  it('stays fixed where its scale and bias are frozen', async () => {
    const step = await compile({ trainable: (name) => name.startsWith('second') })
    expect(Object.keys(step.start)).toEqual(['second.weight', 'second.bias'])
    const node = step.model.graph.nodes.find(({ op }) => op === 'BatchNormalization')
    expect(node?.attributes.training_mode).toBeUndefined()
  })

  it('comes back in the trained model with new statistics, ready to predict', async () => {
    const model = smallNetwork({ normalised: true })
    const settings = { losses, optimiser: sgd(), schedule: constantRate(0.1), batchSize: 10, epochs: 30 }
    const data = tensorData(smallBatch(0, 45))
    const result = await train(runtime, model, { ...settings, data, batchNormalisation: 'batch' })
    expect(result.model.graph.nodes).toEqual(model.graph.nodes)
    const [before, after] = [model, result.model].map(({ graph }) => numbers(graph.initializers.get('norm.variance')))
    expect(before).toEqual([1, 1, 1, 1])
    for (const variance of after!) expect(variance).not.toBeCloseTo(1, 2)
    const { logits } = await runtime.run(result.model, { input: smallBatch(0, 1).input })
    expect(numbers(logits).every(Number.isFinite)).toBe(true)
  })

  it('that is used twice keeps what its last use leaves', async () => {
    const model = sharing(0, (inputs, x) => [x, ...inputs.slice(1)])
    const step = await compile({}, model)
    const { state } = await runStep(runtime, step, step.start, batch, { step: 0, learningRate: 0.1 })
    const once = await compile()
    const expected = await runStep(runtime, once, once.start, batch, { step: 0, learningRate: 0.1 })
    expect(numbers(state['norm.mean'])).toEqual(numbers(expected.state['norm.mean']))
  })

  it('is refused where two layers share statistics, or they serve something else', async () => {
    const own = (inputs: readonly string[], x: string) => [x, inputs[2]!, inputs[1]!, inputs[3]!, inputs[4]!]
    await expect(compile({}, sharing(1, own))).rejects.toThrow(
      /running statistics "norm.mean" of BatchNormalization .* serves BatchNormalization .* too.*export the model with statistics of its own/,
    )
    const asScale = (inputs: readonly string[], x: string) => [x, inputs[4]!, ...inputs.slice(2)]
    await expect(compile({}, sharing(2, asScale))).rejects.toThrow(/"norm\.(mean|variance)"/)
  })

  it('is refused where the statistics are computed', async () => {
    const model = smallNetwork({ normalised: true })
    const nodes = model.graph.nodes.flatMap((node) =>
      node.op === 'BatchNormalization'
        ? [
            { op: 'Abs', domain: '', name: 'abs', inputs: ['norm.variance'], outputs: ['computed'], attributes: {} },
            { ...node, inputs: [...node.inputs.slice(0, 4), 'computed'] },
          ]
        : [node],
    )
    const computed = { ...model, graph: { ...model.graph, nodes } }
    await expect(compile({}, computed)).rejects.toThrow(
      /"computed" of BatchNormalization .* is not stored in the model/,
    )
  })
})

/** The first layer alone. */
function firstLayer(): Model {
  const { graph, ...rest } = smallNetwork()
  const [gemm] = graph.nodes
  return {
    ...rest,
    graph: { ...graph, nodes: [{ ...gemm!, outputs: ['first'] }], outputs: [{ name: 'first', type: 'float32' }] },
  }
}
