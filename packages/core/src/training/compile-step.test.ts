import { afterAll, describe, expect, it } from 'vitest'
import { differentiate } from '../autodiff/index.ts'
import { graphBuilder, int, type Model } from '../onnx/index.ts'
import { nodeRuntime } from '../runtime/index.ts'
import { filled, smallBatch, smallNetwork } from '../testing/small-network.ts'
import {
  compileStep,
  meanSquaredError,
  runStep,
  type StepOptions,
  sgd,
  softmaxCrossEntropy,
  withLoss,
} from './index.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const batch = smallBatch(0, 6)
const losses = [softmaxCrossEntropy({ logits: 'logits' })]
const compile = (options: Partial<StepOptions> = {}, model = smallNetwork()) =>
  compileStep(runtime, model, { batch, losses, optimiser: sgd(), ...options })
const moment = { step: 0, learningRate: 0.1 }
const all = ['first.weight', 'first.bias', 'second.weight', 'second.bias']

/** Two heads on one layer, each with an input of its own, and losses of which the test chooses. */
function twoHeads(): Model {
  const graph = graphBuilder('two heads')
  const weight = (name: string) =>
    graph.constant(
      filled([3, 3], (k) => Math.cos(k)),
      name,
    )
  const shared = graph.node('MatMul', [graph.input('input', 'float32', ['N', 3]), weight('shared')])
  for (const head of ['left', 'right']) {
    const own = graph.node('Add', [shared, graph.input(`${head} input`, 'float32', ['N', 3])])
    graph.output(head, graph.node('MatMul', [own, weight(`${head}.weight`)]), 'float32', ['N', 3])
  }
  return graph.model()
}

describe('a compiled step', () => {
  it('takes trained parameters and keeps frozen ones, bit for bit', async () => {
    const model = smallNetwork()
    const step = await compile({ trainable: (name) => name.startsWith('second'), optimiser: sgd({ momentum: 0.5 }) })
    expect(step.parameters).toEqual(['second.weight', 'second.bias'])
    expect(Object.keys(step.start).sort()).toEqual([
      'second.bias',
      'second.weight',
      'velocity/second.weight and 1 more',
    ])
    for (const name of ['first.weight', 'first.bias']) {
      expect(step.model.graph.initializers.get(name)).toEqual(model.graph.initializers.get(name))
    }
    const inputs = step.model.graph.inputs.map(({ name }) => name)
    expect(inputs.sort()).toEqual([...Object.keys(step.start), 'input', 'target', 'learning_rate'].sort())
  })

  it('differentiates nothing before the parameters that are trained', async () => {
    const frozen = await compile({ trainable: (name) => name === 'second.bias' })
    const gradient = (await compile()).model.graph.nodes.length - frozen.model.graph.nodes.length
    expect(gradient).toBeGreaterThan(5)
    expect(frozen.model.graph.nodes.filter(({ op }) => op === 'Gemm').length).toBe(2)
  })

  it('gives losses, weights and what the optimiser keeps', async () => {
    const step = await compile({ clipNorm: 1, average: true })
    expect(step.model.graph.outputs.map(({ name }) => name)).toEqual([
      'loss',
      'loss/cross-entropy',
      'gradient_norm',
      ...all.map((name) => `next/${name}`),
      ...all.map((name) => `next/average/${name}`),
    ])
    expect(step.scalars).toEqual(['learning_rate', 'average_part'])
    expect(step.batchInputs).toEqual(['input', 'target'])
    expect(Object.keys(step.weights)).toEqual(all)
  })

  it('weighs several losses, one by an input that changes from step to step', async () => {
    const extra = meanSquaredError({ output: 'logits', target: 'goal', weight: 'factor' })
    const goal = filled([6, 2], () => 1)
    const scalar = (value: number) => filled([], () => value)
    const both = { ...batch, goal, factor: scalar(0) }
    const step = await compile({ batch: both, losses: [{ ...losses[0]!, weight: 2 }, extra] })
    for (const factor of [0, 0.5, 3]) {
      const result = await runStep(runtime, step, step.start, { ...both, factor: scalar(factor) }, moment)
      const [first, second] = [result.losses['cross-entropy']!, result.losses['mean-squared-error']!]
      expect(result.loss).toBeCloseTo(2 * first + factor * second, 5)
      expect(second).toBeGreaterThan(0.1)
    }
  })

  it('needs only what the losses depend on, and trains nothing else', async () => {
    const target = filled([2, 3], () => 1)
    const half = { input: filled([2, 3], Math.sin), 'left input': filled([2, 3], Math.sin), target }
    const step = await compile({ batch: half, losses: [meanSquaredError({ output: 'left' })] }, twoHeads())
    expect(step.parameters).toEqual(['shared', 'left.weight'])
    expect(step.batchInputs).toEqual(['input', 'left input', 'target'])
    await expect(compile({ batch: half, losses: [meanSquaredError({ output: 'right' })] }, twoHeads())).rejects.toThrow(
      /the batch lacks "right input", got input, left input, target/,
    )
  })

  it('trains none of the numbers that losses store', async () => {
    const weighted = softmaxCrossEntropy({ logits: 'logits', classWeights: [1, 2] })
    const step = await compile({ losses: [weighted] })
    expect(step.parameters).toEqual(all)
  })

  it('decays no weights that its losses do not depend on', async () => {
    const target = filled([2, 3], () => 1)
    const whole = { input: filled([2, 3], Math.sin), 'left input': target, 'right input': target, target }
    const options = { batch: whole, losses: [meanSquaredError({ output: 'left' })], optimiser: sgd({ weightDecay: 1 }) }
    expect((await compile(options, twoHeads())).parameters).not.toContain('right.weight')
  })

  it('says what to do where nothing is trained', async () => {
    await expect(compile({ trainable: () => false })).rejects.toThrow(
      /no parameter is trained: `trainable` chose none of the 4 that the losses depend on: first.weight, first.bias/,
    )
  })

  it('refuses batches whose targets do not fit, when it is compiled and when it runs', async () => {
    const step = await compile()
    const wrong = { ...batch, target: { ...batch.target, data: BigInt64Array.from({ length: 6 }, () => 2n) } }
    await expect(runStep(runtime, step, step.start, wrong, moment)).rejects.toThrow(/is 2: a class from 0 to 1/)
    await expect(runStep(runtime, step, step.start, { input: batch.input }, moment)).rejects.toThrow(/lacks "target"/)
    await expect(compile({ batch: wrong })).rejects.toThrow(/a class from 0 to 1/)
    await expect(compile({ clipNorm: 0 })).rejects.toThrow(/clipNorm is 0/)
  })

  it('clips the norm of all gradients together, and leaves smaller ones alone', async () => {
    const step = await compile({ clipNorm: 1e-3 })
    const free = await compile({ clipNorm: 1e3 })
    const change = async (compiled: typeof step) => {
      const { state, gradientNorm } = await runStep(runtime, compiled, compiled.start, batch, moment)
      const moved = Object.keys(state).flatMap((name) =>
        Array.from(state[name]!.data as Float32Array, (x, i) => x - Number(compiled.start[name]!.data[i])),
      )
      return { norm: gradientNorm!, moved: Math.hypot(...moved) }
    }
    const [small, large] = [await change(step), await change(free)]
    expect(small.norm).toBeCloseTo(large.norm, 6)
    expect(small.moved / 1e-4).toBeCloseTo(1, 2)
    expect(large.moved).toBeCloseTo(0.1 * large.norm, 5)
    expect(large.norm).toBeGreaterThan(0.1)
  })

  it('trains float64 parameters in float64', async () => {
    const graph = graphBuilder('float64')
    const x = graph.node('Cast', [graph.input('input', 'float32', ['N', 3])], { to: int(11) })
    const w = graph.constant({ type: 'float64', dims: [3, 2], data: new Float64Array(6).fill(1e-9) }, 'w')
    graph.output('logits', graph.node('Cast', [graph.node('MatMul', [x, w])], { to: int(1) }), 'float32', ['N', 2])
    const model = graph.model()
    const step = await compile({ optimiser: sgd({ momentum: 0.9 }), average: true, clipNorm: 1 }, model)
    const { state } = await runStep(runtime, step, step.start, batch, { ...moment, averagePart: 0.5 })
    for (const name of ['w', 'velocity/w', 'average/w']) expect(state[name]!.type).toBe('float64')
    expect(state.w!.data[0]).not.toBe(1e-9)
    // In float32 the sum of an update and 1e-9 would have lost the latter's last digits.
    expect(Number(state.w!.data[0]) - Math.fround(Number(state.w!.data[0]))).not.toBe(0)
  })

  it('passes the same gradient as differentiate', async () => {
    const step = await compile()
    const { state } = await runStep(runtime, step, step.start, batch, { step: 0, learningRate: 1 })
    const model = withLoss(smallNetwork(), losses, batch)
    const graph = await differentiate(runtime, model, { loss: 'loss', parameters: all, inputs: batch })
    const gradients = await runtime.run(graph, batch)
    for (const name of all) {
      const before = step.start[name]!.data as Float32Array
      const gradient = gradients[`grad/${name}`]!.data as Float32Array
      gradient.forEach((g, i) => {
        expect(Number(state[name]!.data[i])).toBeCloseTo(before[i]! - g, 5)
      })
    }
  })
})
