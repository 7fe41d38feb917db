import { afterAll, describe, expect, it } from 'vitest'
import { gradients, parametersOf, stopGradient } from '../../../autodiff/index.ts'
import { builderOn, graphBuilder, type Model, upgradeModel } from '../../../onnx/index.ts'
import { nodeRuntime } from '../../../runtime/index.ts'
import { seededRandom } from '../../../tensor/index.ts'
import { filled } from '../../../testing/small-network.ts'
import { compileStep, runStep, sgd } from '../../../training/index.ts'
import { discriminator } from './discriminator.ts'
import { domainAdversarial } from './domain-adversarial.ts'
import { domainCrossEntropy } from './domain-cross-entropy.ts'
import { scalar } from './graph-values.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const PARAMETERS = ['fc1', 'fc2'].flatMap((layer) => ['weight', 'bias'].map((part) => `discriminator.${layer}.${part}`))

/** `loss`: the cross-entropy of features told apart. */
function model(fixed = false): Model {
  const start = graphBuilder('domains')
  start.input('source', 'float32', ['N', 3])
  start.input('target', 'float32', ['M', 3])
  const graph = builderOn(upgradeModel(start.model()))
  const score = discriminator(graph, { width: 3, hidden: [4], random: seededRandom(1) })
  const value = domainCrossEntropy(graph, { source: score('source', { fixed }), target: score('target', { fixed }) })
  graph.output('value', value, 'float32', [])
  graph.output('scores', score('source'), 'float32', ['N'])
  return graph.model()
}

const source = filled([5, 3], (k) => Math.sin(k))
const target = filled([3, 3], (k) => 1 + Math.cos(3 * k))

describe('a discriminator', () => {
  it('scores rows as a perceptron of rectified units does', async () => {
    const network = model()
    const numbers = PARAMETERS.map((name) => network.graph.initializers.get(name)!.data as Float32Array)
    const { scores } = await runtime.run(network, { source, target })
    expect(scores!.dims).toEqual([5])
    for (let i = 0; i < 5; i++) {
      const row = source.data.subarray(3 * i, 3 * i + 3)
      const unit = (j: number) => row.reduce((sum, x, k) => sum + x * numbers[0]![3 * j + k]!, numbers[1]![j]!)
      const expected = [0, 1, 2, 3].reduce((sum, j) => sum + Math.max(0, unit(j)) * numbers[2]![j]!, numbers[3]![0]!)
      expect(Math.abs(Number(scores!.data[i]) - expected)).toBeLessThan(1e-6)
    }
  })

  it('keeps named weights, the same for both domains and the same for the same seed', () => {
    expect([...model().graph.initializers.keys()].filter((name) => name.startsWith('disc'))).toEqual(PARAMETERS)
    expect(parametersOf(model(), ['value']).sort()).toEqual([...PARAMETERS].sort())
    expect(parametersOf(model(true), ['value'])).toEqual([])
    expect(model()).toEqual(model())
  })

  it('passes gradients to the features, and to its weights unless they are fixed', async () => {
    const inputs = { source, target }
    const of = async (fixed: boolean) =>
      (await gradients(runtime, model(fixed), { loss: 'value', parameters: [...PARAMETERS, 'source'], inputs }))
        .gradients
    const [free, held] = [await of(false), await of(true)]
    expect(free.get('source')).toEqual(held.get('source'))
    for (const name of PARAMETERS) {
      expect(Math.hypot(...(free.get(name)!.data as Float32Array))).toBeGreaterThan(0)
      expect(Math.hypot(...(held.get(name)!.data as Float32Array))).toBe(0)
    }
  })

  it('is trained by the compiled step to tell the domains apart', async () => {
    const start = graphBuilder('frozen')
    start.input('source', 'float32', [5, 3])
    start.input('target', 'float32', [3, 3])
    const graph = builderOn(upgradeModel(start.model()))
    const score = discriminator(graph, { width: 3, hidden: [8], random: seededRandom(1) })
    const features = { source: stopGradient(graph, 'source'), target: stopGradient(graph, 'target') }
    const value = domainAdversarial(graph, features, { discriminator: score, reversal: scalar(graph, 1) })
    graph.output('value', value, 'float32', [])
    const batch = { source, target }
    const step = await compileStep(runtime, graph.model(), {
      batch,
      losses: [{ name: 'domain', build: () => 'value' }],
      optimiser: sgd({ momentum: 0.9 }),
    })
    expect([...step.parameters].sort()).toEqual([...PARAMETERS].sort())
    const losses: number[] = []
    let state = step.start
    for (let i = 0; i < 60; i++) {
      const result = await runStep(runtime, step, state, batch, { step: i, learningRate: 0.1 })
      state = result.state
      losses.push(result.loss)
    }
    expect(losses.at(-1)!).toBeLessThan(0.2 * losses[0]!)
  })
})
