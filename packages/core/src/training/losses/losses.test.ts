import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { differentiate, gradients } from '../../autodiff/index.ts'
import { interpret } from '../../interpreter/index.ts'
import { builderOn, graphBuilder, type Model, upgradeModel } from '../../onnx/index.ts'
import { nodeRuntime, type Tensors } from '../../runtime/index.ts'
import type { Tensor } from '../../tensor/index.ts'
import { draws, drawTensor } from '../../testing/draw.ts'
import { checkGradient } from '../../testing/gradient-check.ts'
import { filled } from '../../testing/small-network.ts'
import { withLoss } from '../with-loss.ts'
import { binaryCrossEntropy, huber, type LossTerm, meanSquaredError, softmaxCrossEntropy } from './index.ts'
/*
 * Losses of PyTorch 2.13 in float64 and their gradients by `z`, 4 × 3, z[i][c] = 2 sin(1 + 2 i + 3 c). Class numbers are
 * 0, 2, 1, 2; probabilities exp(cos(i + 2 c)), divided by each row's sum; targets of the other losses
 * (sin(5 i + c) + 1) / 2; class weights 1, 2, 0.5; sample weights 1, 0.5, 2, 0.25; label_smoothing 0.1. PyTorch has no
 * sample weights: with `l` the losses of reduction='none', they are (s l).sum() / s.sum(), and with class numbers and
 * class weights (s l).sum() / (s w[y]).sum().
 */
import reference from './reference.json' with { type: 'json' }

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const z = filled([4, 3], (k) => 2 * Math.sin(1 + 2 * Math.floor(k / 3) + 3 * (k % 3)))
const classes: Tensor = { type: 'int64', dims: [4], data: BigInt64Array.of(0n, 2n, 1n, 2n) }
const masses = filled([4, 3], (k) => Math.exp(Math.cos(Math.floor(k / 3) + 2 * (k % 3))))
const probabilities = filled([4, 3], (k) => {
  const row = masses.data.subarray(k - (k % 3), k - (k % 3) + 3)
  return masses.data[k]! / row.reduce((sum, mass) => sum + mass)
})
const targets = filled([4, 3], (k) => (Math.sin(5 * Math.floor(k / 3) + (k % 3)) + 1) / 2)
const weights: Tensor = { type: 'float32', dims: [4], data: Float32Array.of(1, 0.5, 2, 0.25) }

const logits = 'y'
const output = 'y'
const sampleWeights = 'weights'
const classWeights = [1, 2, 0.5]
const labelSmoothing = 0.1

const cases: Record<keyof typeof reference, [LossTerm, Tensor]> = {
  hard: [softmaxCrossEntropy({ logits }), classes],
  'hard, class weights': [softmaxCrossEntropy({ logits, classWeights }), classes],
  'hard, smoothing': [softmaxCrossEntropy({ logits, labelSmoothing }), classes],
  'hard, smoothing, class weights': [softmaxCrossEntropy({ logits, labelSmoothing, classWeights }), classes],
  'hard, sample weights': [softmaxCrossEntropy({ logits, sampleWeights }), classes],
  'hard, everything': [softmaxCrossEntropy({ logits, sampleWeights, labelSmoothing, classWeights }), classes],
  soft: [softmaxCrossEntropy({ logits }), probabilities],
  'soft, class weights': [softmaxCrossEntropy({ logits, classWeights }), probabilities],
  'soft, smoothing': [softmaxCrossEntropy({ logits, labelSmoothing }), probabilities],
  'soft, everything': [softmaxCrossEntropy({ logits, sampleWeights, labelSmoothing, classWeights }), probabilities],
  binary: [binaryCrossEntropy({ output }), targets],
  'binary, sample weights': [binaryCrossEntropy({ output, sampleWeights }), targets],
  mse: [meanSquaredError({ output }), targets],
  'mse, sample weights': [meanSquaredError({ output, sampleWeights }), targets],
  huber: [huber({ output }), targets],
  'huber, sample weights': [huber({ output, sampleWeights }), targets],
  'huber, delta 0.3': [huber({ output, delta: 0.3 }), targets],
  'huber, delta 0.3, sample weights': [huber({ output, delta: 0.3, sampleWeights }), targets],
}

/** A model that gives back what it gets, `y = z`. */
function identity(dims: readonly number[]): Model {
  const graph = graphBuilder('identity')
  graph.output('y', graph.input('z', 'float32', dims), 'float32', dims)
  return graph.model()
}

/** A loss of `z` itself, and what the graph reads. */
function onItself(term: LossTerm, batch: Tensors): { model: Model; inputs: Tensors } {
  const model = withLoss(identity(batch.z!.dims), [term], batch)
  return { model, inputs: Object.fromEntries(model.graph.inputs.map(({ name }) => [name, batch[name]!])) }
}

describe.each(Object.entries(cases))('%s', (name, [term, target]) => {
  const expected = reference[name as keyof typeof reference]
  const batch = { z, target, weights }

  it('has the value and gradient of PyTorch on ONNX Runtime', async () => {
    const { model, inputs } = onItself(term, batch)
    const found = await gradients(runtime, model, { loss: 'loss', parameters: ['z'], inputs })
    expect(Math.abs(found.loss - expected.loss)).toBeLessThan(1e-6)
    expected.gradient.forEach((gradient, k) => {
      expect(Math.abs(Number(found.gradients.get('z')!.data[k]) - gradient)).toBeLessThan(1e-6)
    })
    term.check!(batch, () => [4, 3])
  })

  it('has them in float64', async () => {
    const { model, inputs } = onItself(term, batch)
    const graph = await differentiate(runtime, model, { loss: 'loss', parameters: ['z'], inputs })
    const { values } = interpret(graph, inputs)
    // The inputs have the precision of float32.
    expect(Math.abs(values.get('loss')!.data[0]! - expected.loss)).toBeLessThan(2e-7)
    expected.gradient.forEach((gradient, k) => {
      expect(Math.abs(values.get('grad/z')!.data[k]! - gradient)).toBeLessThan(2e-7)
    })
  })
})

describe('the gradients of all losses', () => {
  const shapes = fc.record({
    rows: fc.integer({ min: 1, max: 6 }),
    width: fc.integer({ min: 2, max: 5 }),
    loss: fc.constantFrom('hard', 'soft', 'binary', 'mse', 'huber'),
    weighted: fc.boolean(),
    smoothing: fc.constantFrom(0, 0.2),
    seed: fc.integer({ min: 0, max: 999 }),
  })

  it('are those of central differences, for any shapes and options', async () => {
    await fc.assert(
      fc.asyncProperty(shapes, async ({ rows, width, loss, weighted, smoothing, seed }) => {
        const random = draws(seed + 1)[seed]!
        const options = weighted ? { sampleWeights } : {}
        const own = weighted ? { classWeights: Array.from({ length: width }, () => 0.1 + random.uniform()) } : {}
        const terms: Record<typeof loss, LossTerm> = {
          hard: softmaxCrossEntropy({ logits, labelSmoothing: smoothing, ...options, ...own }),
          soft: softmaxCrossEntropy({ logits, labelSmoothing: smoothing, ...options, ...own }),
          binary: binaryCrossEntropy({ output, ...options }),
          mse: meanSquaredError({ output, ...options }),
          huber: huber({ output, delta: 0.7, ...options }),
        }
        const batch = {
          z: drawTensor(random, 'float32', [rows, width]),
          target:
            loss === 'hard'
              ? drawTensor(random, seed % 2 === 0 ? 'int64' : 'int32', [rows], 0, width)
              : drawTensor(random, 'float32', [rows, width], 0, 1),
          weights: drawTensor(random, 'float32', [rows], 0.1, 2),
        }
        const graph = builderOn(upgradeModel(identity([rows, width])))
        graph.output('value', terms[loss]!.build(graph, batch), 'float32', [])
        const model = graph.model()
        const inputs = Object.fromEntries(
          model.graph.inputs.map(({ name }) => [name, batch[name as keyof typeof batch]]),
        )
        const check = await checkGradient(runtime, { model, inputs }, { by: ['z'] })
        expect(check.exact).toBeLessThan(1e-6)
        expect(check.run).toBeLessThan(1e-4)
      }),
      { numRuns: 60 },
    )
  })
})

describe('binary cross-entropy', () => {
  const row = (...data: number[]): Tensor => ({
    type: 'float32',
    dims: [1, data.length],
    data: Float32Array.from(data),
  })
  const at = async (scores: Tensor, target: Tensor) => {
    const { model, inputs } = onItself(binaryCrossEntropy({ output }), { z: scores, target })
    return gradients(runtime, model, { loss: 'loss', parameters: ['z'], inputs })
  }

  it('has its gradient at a score of 0, where new last layers start', async () => {
    const found = await at(row(0, 0), row(1, 0))
    expect([...(found.gradients.get('z')!.data as Float32Array)]).toEqual([-0.25, 0.25])
  })

  it('is finite at any score', async () => {
    const found = await at(row(500, -500, 3e38, -500), row(0, 1, 1, 0))
    expect(found.loss).toBe(250)
    expect([...(found.gradients.get('z')!.data as Float32Array)]).toEqual([0.25, -0.25, 0, 0])
  })
})
