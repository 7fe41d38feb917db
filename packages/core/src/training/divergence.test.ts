import { afterAll, describe, expect, it } from 'vitest'
import { DivergedError } from '../errors.ts'
import { graphBuilder, type Model } from '../onnx/index.ts'
import { nodeRuntime, type Tensors } from '../runtime/index.ts'
import { filled, smallBatch, smallNetwork } from '../testing/small-network.ts'
import {
  constantRate,
  huber,
  meanSquaredError,
  sgd,
  softmaxCrossEntropy,
  stepDecay,
  type TrainOptions,
  tensorData,
  train,
} from './index.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const settings = {
  losses: [softmaxCrossEntropy({ logits: 'logits' })],
  optimiser: sgd(),
  schedule: constantRate(0.1),
  batchSize: 6,
  epochs: 5,
}

/** The error that ends a training. */
async function divergence(model: Model, data: Tensors, options: Partial<TrainOptions> = {}): Promise<DivergedError> {
  const failure = await train(runtime, model, { ...settings, data: tensorData(data), ...options }).catch(
    (error: unknown) => error,
  )
  expect(failure).toBeInstanceOf(DivergedError)
  return failure as DivergedError
}

/** `build` makes `y` from `x = input · w`, `w` being 1; the loss is the mean square of `y − target`. */
function oneWeight(build: (graph: ReturnType<typeof graphBuilder>, x: string) => string): Model {
  const graph = graphBuilder('one weight')
  const w = graph.constant(
    filled([1, 1], () => 1),
    'w',
  )
  const x = graph.node('MatMul', [graph.input('input', 'float32', ['N', 1]), w])
  graph.output('y', build(graph, x), 'float32', ['N', 1])
  return graph.model()
}

const squared = { losses: [meanSquaredError({ output: 'y' })] }
const column = (...data: number[]) => filled([data.length, 1], (k) => data[k]!)

describe('a training that diverges', () => {
  it('by too high a learning rate names step, rate and the parameter whose update overflowed', async () => {
    const data = { input: column(1, 2, 3, 4, 5, 6), target: column(0, 0, 0, 0, 0, 0) }
    const model = oneWeight((_, x) => x)
    const error = await divergence(model, data, { ...squared, epochs: 100, schedule: stepDecay(1e4, { every: 3 }) })
    const { step, learningRate, tensor } = error.divergence
    // w is multiplied by 1 − 2 · rate · 91/6, so it passes 10¹⁹, the root of the largest float32, in the fourth step.
    expect(step).toBe(5)
    expect(learningRate).toBeCloseTo(1e3, 6)
    expect(tensor).toMatch(/Mul/)
    expect(error.message).toMatch(/diverged at step 5 \(loss Infinity, learning rate 1000(\.0+\d+)?\).*Mul.* gave it/)
  })

  it('by an update that gives infinite weights names the first of them', async () => {
    const losses = [softmaxCrossEntropy({ logits: 'logits', weight: 100 })]
    const options = { losses, schedule: constantRate(3e38) }
    const error = await divergence(smallNetwork(), smallBatch(0, 30), options)
    expect(error.divergence.step).toBe(1)
    expect(Number.isFinite(error.divergence.loss)).toBe(true)
    expect(error.message).toMatch(/gave it on the way to "next\/(first|second)\.(weight|bias)"/)
  })

  it('inside the network names the node that overflowed first', async () => {
    const model = oneWeight((graph, x) => {
      const big = graph.node('Exp', [x])
      return graph.node('Sub', [big, graph.node('Mul', [big, big])])
    })
    const data = { input: column(1, 2, 3, 100, 5, 6), target: column(0, 0, 0, 0, 0, 0) }
    const error = await divergence(model, data, squared)
    expect(error.divergence).toMatchObject({ step: 1, learningRate: 0.1 })
    expect(error.divergence.tensor).toMatch(/^Exp/)
    expect(error.message).toMatch(/Exp "Exp.*" gave it/)
  })

  it.each([
    ['no number', Number.NaN],
    ['an infinite one', Infinity],
  ])('by %s in the data names the input', async (_, value) => {
    const { input, target } = smallBatch(0, 12)
    const data = Float32Array.from(input.data as Float32Array)
    data[20] = value
    const error = await divergence(smallNetwork(), { input: { type: 'float32', dims: input.dims, data }, target })
    // Tanh makes infinities finite again, but not their gradients.
    expect(Number.isNaN(error.divergence.loss)).toBe(Number.isNaN(value))
    expect(error.message).toMatch(/"input" was the first value.*check the data/)
  })

  it('by an infinite number that reaches the loss names the input', async () => {
    const data = { input: column(1, 2, Infinity), target: column(0, 0, 0) }
    const error = await divergence(
      oneWeight((_, x) => x),
      data,
      squared,
    )
    expect(error.message).toMatch(/"input" was the first value.*check the data/)
  })

  it('passes over infinities that the loss does not take over, as those of a mask', async () => {
    const model = oneWeight((graph, x) => {
      const mask = graph.node('Log', [graph.node('Relu', [x])])
      return graph.node('Add', [graph.node('Exp', [mask]), graph.node('Exp', [x])])
    })
    const data = { input: column(-1, 2, 200), target: column(0, 0, 0) }
    const error = await divergence(model, data, squared)
    expect(error.divergence.tensor).toMatch(/^Exp/)
  })

  it('in the last update of all is no silent result', async () => {
    const data = { input: column(1, 2, 3), target: column(0, 0, 0) }
    const model = oneWeight((_, x) => x)
    const rates = (step: number) => (step === 4 ? 3e38 : 0)
    const error = await divergence(model, data, { ...squared, schedule: rates })
    expect(error.divergence).toMatchObject({ step: 5, learningRate: 3e38, loss: expect.closeTo(14 / 3, 5) })
    expect(error.message).toMatch(/gave it on the way to "next\/w"/)
  })

  it('unseen by the loss is found at the end of the epoch', async () => {
    const data = { input: column(1, 1, 1), target: column(0, 0, 0) }
    const model = oneWeight((graph, x) => graph.node('Tanh', [x]))
    const losses = [meanSquaredError({ output: 'y', weight: 10 })]
    const rates: number[] = []
    const error = await divergence(model, data, {
      losses,
      batchSize: 1,
      schedule: constantRate(3e38),
      onStep: ({ loss }) => void rates.push(loss),
    })
    expect(rates.every(Number.isFinite)).toBe(true)
    expect(error.divergence.step).toBe(3)
    expect(error.message).toMatch(/"w" was the first value.*an update before this step overflowed/)
  })

  it('by gradients whose norm overflows stops, though the loss is finite', async () => {
    const data = { input: column(1e25, 1e25), target: column(0, 0) }
    const options = { losses: [huber({ output: 'y' })], clipNorm: 1 }
    const error = await divergence(
      oneWeight((_, x) => x),
      data,
      options,
    )
    expect(error.divergence.loss / 1e25).toBeCloseTo(1, 5)
    expect(error.message).toMatch(/ReduceSumSquare.* gave it on the way to "gradient_norm"/)
  })

  it('leaves no broken weights where it is aborted', async () => {
    const data = { input: column(1, 2, 3, 4), target: column(0, 0, 0, 0) }
    const controller = new AbortController()
    const error = await divergence(
      oneWeight((_, x) => x),
      data,
      {
        ...squared,
        batchSize: 1,
        schedule: (step) => (step === 1 ? 3e38 : 0),
        onStep: ({ step }) => {
          if (step === 2) controller.abort()
        },
        signal: controller.signal,
      },
    )
    expect(error.divergence).toMatchObject({ step: 2, learningRate: 3e38 })
  })

  it('says so where the schedule gives no number', async () => {
    const data = tensorData(smallBatch(0, 30))
    const training = train(runtime, smallNetwork(), { ...settings, data, schedule: (step) => 1 / (2 - step) })
    await expect(training).rejects.toThrow(/the learning rate of step 3 is Infinity: a finite number is expected/)
  })
})
