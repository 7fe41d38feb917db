import { afterAll, describe, expect, it } from 'vitest'
import { builderOn, upgradeModel } from '../onnx/index.ts'
import { nodeRuntime, type Tensors } from '../runtime/index.ts'
import { type Tensor, tensor } from '../tensor/index.ts'
import { checkGradient } from '../testing/gradient-check.ts'
import { filled, smallBatch, smallNetwork } from '../testing/small-network.ts'
import { withBatchStatistics } from './batch-normalisation.ts'
import { withInputs } from './evaluation.ts'
import { compileStep, normalisationChoices, runStep, type StepOptions, sgd, softmaxCrossEntropy } from './index.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

/** The small network whose running statistics are none of the batch's. */
function shifted() {
  const model = smallNetwork({ normalised: true })
  const initializers = new Map(model.graph.initializers)
  initializers.set(
    'norm.mean',
    filled([4], (k) => 0.2 * k - 0.3),
  )
  initializers.set(
    'norm.variance',
    filled([4], (k) => 0.5 + 0.3 * k),
  )
  return { ...model, graph: { ...model.graph, initializers } }
}

const model = shifted()
const rows = smallBatch(0, 6)
const { input } = normalisationChoices(model)[0]!
const chosen = (...data: number[]) => ({ [input]: tensor('float32', [4], Float32Array.from(data)) })
const step = async (
  batchNormalisation: StepOptions['batchNormalisation'],
  choice: Readonly<Record<string, Tensor>> = {},
) => {
  const batch = { ...rows, ...choice }
  const compiled = await compileStep(runtime, model, {
    batch,
    losses: [softmaxCrossEntropy({ logits: 'logits' })],
    optimiser: sgd(),
    ...(batchNormalisation && { batchNormalisation }),
  })
  return runStep(runtime, compiled, compiled.start, batch, { step: 0, learningRate: 0.5 })
}
const open = ['norm.mean', 'norm.variance', 'norm.weight', 'norm.bias', 'first.weight']

/** Both branches, with an output `normalised`; what a step gives from outside are inputs. */
const opened = (() => {
  const graph = builderOn(upgradeModel(model))
  const at = graph.model().graph.nodes.find(({ op }) => op === 'BatchNormalization')!.outputs[0]!
  graph.output('normalised', at, 'float32', ['N', 4])
  const { model: both } = withBatchStatistics(graph.model(), new Set(['norm.weight']), { stochastic: true })
  const { initializers } = both.graph
  return {
    model: withInputs(both, open),
    inputs: { input: rows.input, ...Object.fromEntries(open.map((name) => [name, initializers.get(name)!])) },
  }
})()
const numbers = (tensor: Tensor | undefined) => Array.from(tensor!.data as Float32Array)
const weights = ['first.weight', 'first.bias', 'norm.weight', 'norm.bias', 'second.weight', 'second.bias']

describe('a choice of statistics for each channel', () => {
  it('is one input for each normalisation, of its channels', () => {
    expect(normalisationChoices(model).map(({ mean }) => mean.dims)).toEqual([[4]])
    expect(normalisationChoices(smallNetwork())).toEqual([])
  })

  it.each([
    ['running', 'fixed', chosen(0, 0, 0, 0)],
    ['batch’s', 'batch', chosen(1, 1, 1, 1)],
  ] as const)('of the %s everywhere takes the step of “%s”', async (_, name, choice) => {
    const [found, expected] = [await step('stochastic', choice), await step(name)]
    expect(found.loss).toBeCloseTo(expected.loss, 6)
    for (const weight of weights) {
      numbers(found.state[weight]).forEach((value, k) => {
        expect(value).toBeCloseTo(numbers(expected.state[weight])[k]!, 6)
      })
    }
  })

  it('mixes both by channel, and moves the running statistics whatever was chosen', async () => {
    const normalised = async (...data: number[]) => {
      const outputs = await runtime.run(opened.model, { ...opened.inputs, ...chosen(...data) })
      return numbers(outputs.normalised)
    }
    const [fixed, batch] = [await normalised(0, 0, 0, 0), await normalised(1, 1, 1, 1)]
    const mixed = await normalised(1, 0, 0, 1)
    expect(mixed).toEqual(mixed.map((_, i) => ([0, 3].includes(i % 4) ? batch : fixed)[i]))
    expect(mixed).not.toEqual(fixed)
    const [moved, byBatch] = [await step('stochastic', chosen(0, 0, 1, 0)), await step('batch')]
    for (const name of ['norm.mean', 'norm.variance']) {
      expect(numbers(moved.state[name])).toEqual(numbers(byBatch.state[name]))
    }
  })

  it('leaves the numbers that it was given as they are', () => {
    const before = [0, 1, 2, 3].map((k) => Math.fround(0.2 * k - 0.3))
    expect(numbers((opened.inputs as Tensors)['norm.mean'])).toEqual(before)
  })

  it('has the gradients of central differences', async () => {
    const inputs = { ...opened.inputs, ...chosen(1, 0, 1, 0) }
    const check = await checkGradient(runtime, { model: opened.model, inputs }, { by: ['input', ...open] })
    expect(check.exact).toBeLessThan(1e-6)
    expect(check.run).toBeLessThan(2e-4)
  })

  it('must be given', async () => {
    await expect(step('stochastic')).rejects.toThrow(/the batch lacks "batch statistics\//)
  })
})
