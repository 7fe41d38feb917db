import { afterAll, describe, expect, it } from 'vitest'
import { parametersOf } from '../autodiff/index.ts'
import type { Model } from '../onnx/index.ts'
import { nodeRuntime } from '../runtime/index.ts'
import { seededRandom, sizeOf } from '../tensor/index.ts'
import { filled } from '../testing/small-network.ts'
import { adam, constantRate, softmaxCrossEntropy, tensorData, train } from '../training/index.ts'
import { cnn } from './cnn.ts'
import { describeNetwork } from './describe-network.ts'
import { lenet } from './lenet.ts'
import { mlp } from './mlp.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const random = seededRandom(3)
const image = { channels: 1, classes: 4, random }
const networks: Record<string, { model: Model; layers: string[] }> = {
  'lenet, 28 pixels': { model: lenet({ ...image, size: 28 }), layers: ['conv1', 'conv2', 'fc1', 'fc2', 'fc3'] },
  'lenet, 8 pixels, colour': {
    model: lenet({ ...image, channels: 3, size: 8, width: 9 }),
    layers: ['conv1', 'conv2', 'fc1', 'fc2', 'fc3'],
  },
  'cnn, 12 pixels': {
    model: cnn({ ...image, size: 12 }),
    layers: ['conv1', 'conv2', 'conv3', 'conv4', 'fc1', 'fc2'],
  },
  mlp: { model: mlp({ inputs: 9, hidden: [7, 5], classes: 4, random }), layers: ['fc1', 'fc2', 'fc3'] },
}

describe.each(Object.entries(networks))('%s', (_, { model, layers }) => {
  const dims = model.graph.inputs[0]!.dims!.slice(1) as number[]

  it('has its layers in order, each a place to cut', async () => {
    expect(parametersOf(model)).toEqual(layers.flatMap((name) => [`${name}.weight`, `${name}.bias`]))
    const network = await describeNetwork(runtime, model)
    expect([...network.blocks, ...network.head].map(({ name }) => name)).toEqual(layers)
  })

  it('learns to tell three images apart', async () => {
    const x = filled([3, ...dims], (k) => Math.sin(0.3 * k + Math.floor(k / sizeOf(dims))))
    const data = tensorData({ x, target: { type: 'int32', dims: [3], data: Int32Array.of(0, 3, 1) } })
    const { history } = await train(runtime, model, {
      data,
      losses: [softmaxCrossEntropy({ logits: 'logits' })],
      optimiser: adam(),
      schedule: constantRate(0.01),
      epochs: 60,
      batchSize: 3,
    })
    expect(history[0]!.loss).toBeGreaterThan(1)
    expect(history.at(-1)!.loss).toBeLessThan(0.05)
  })
})

describe('starting weights', () => {
  const weights = (model: Model, name: string) => model.graph.initializers.get(name)!.data as Float32Array
  const bound = (values: Float32Array) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const wide = { inputs: 400, hidden: [300], classes: 2 }

  it('lie evenly within ±1/√inputs, or ±√(6/inputs) with biases of 0', () => {
    const torch = mlp({ ...wide, random })
    const he = mlp({ ...wide, random, initialisation: 'he' })
    const values = weights(torch, 'fc1.weight')
    const variance = values.reduce((sum, value) => sum + value ** 2, 0) / values.length
    expect(variance * 400 * 3).toBeCloseTo(1, 1)
    expect(bound(values)).toBeLessThanOrEqual(0.05)
    expect(bound(values)).toBeGreaterThan(0.0499)
    expect(bound(weights(torch, 'fc1.bias'))).toBeGreaterThan(0.049)
    expect(bound(weights(he, 'fc1.weight'))).toBeCloseTo(Math.sqrt(6 / 400), 4)
    expect(bound(weights(he, 'fc1.bias'))).toBe(0)
  })

  it('depend on the seed, and a layer’s on nothing but seed and layer', () => {
    const of = (seed: number, hidden = [300, 20]) =>
      weights(mlp({ ...wide, hidden, random: seededRandom(seed) }), 'fc1.weight')
    expect(of(1)).toEqual(of(1, [300]))
    expect(of(1)).not.toEqual(of(2))
  })
})

it('refuses images that pooling leaves nothing of', () => {
  expect(() => lenet({ ...image, size: 3 })).toThrow(/at least 4 × 4 pixels, got 3 × 3/)
  expect(() => cnn({ ...image, size: 7, stages: [[4], [4], [4]] })).toThrow(/at least 8 × 8/)
  expect(() => cnn({ ...image, size: 8, stages: [[]] })).toThrow(/one convolution or more/)
})
