import { afterAll, expect, it } from 'vitest'
import { parametersOf } from '../autodiff/index.ts'
import { cnn } from '../networks/index.ts'
import { nodeRuntime } from '../runtime/index.ts'
import { seededRandom } from '../tensor/index.ts'
import { filled } from '../testing/small-network.ts'
import { adamW, cosine, softmaxCrossEntropy, tensorData, train } from '../training/index.ts'
import { copyLayers, layersOf } from './layers.ts'
import { trainNetwork } from './train-network.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const build = (seed: number, classes = 3) =>
  cnn({ channels: 1, size: 6, classes, stages: [[3], [4]], hidden: 5, random: seededRandom(seed) })
const part = (rows: number, shift: number) => ({
  inputs: filled(
    [rows, 1, 6, 6],
    (k) => Math.sin(0.4 * (1 + (Math.floor(k / 36) % 3)) * (k % 36)) + 0.3 * Math.sin(7.7 * k + shift),
  ),
  labels: Int32Array.from({ length: rows }, (_, row) => row % 3),
})
const data = { train: part(300, 0), test: part(9, 1) }
const plan = { epochs: 3, batchSize: 50, learningRate: 0.01, weightDecay: 0, seed: 4 }

it('trains the rest of a network as freezing its first layers inside it does', async () => {
  const { model, layers } = await layersOf(runtime, build(1))
  expect(layers.map(({ name }) => name)).toEqual(['conv1', 'conv2', 'fc1', 'fc2'])
  const cut = 2
  const { output } = layers[cut - 1]!
  const frozen = new Set(layers.slice(0, cut).flatMap(({ parameters }) => parameters))
  const split = (await trainNetwork(runtime, model, data, plan, output))!
  const { model: inside } = await train(runtime, model, {
    data: tensorData({ x: data.train.inputs, target: { type: 'int32', dims: [300], data: data.train.labels } }),
    losses: [softmaxCrossEntropy({ logits: 'logits' })],
    optimiser: adamW({ weightDecay: 0 }),
    schedule: cosine(0.01),
    ...plan,
    trainable: (name) => !frozen.has(name),
  })
  for (const name of parametersOf(model)) {
    const [before, after, other] = [model, split.model, inside].map(
      ({ graph }) => graph.initializers.get(name)!.data as Float32Array,
    ) as [Float32Array, Float32Array, Float32Array]
    if (frozen.has(name)) expect(after).toEqual(before)
    else expect(after).not.toEqual(before)
    const difference = Math.max(...after.map((value, i) => Math.abs(value - other[i]!)))
    expect(difference).toBeLessThan(1e-4)
  }
})

it('scores the rows held out by the class of the highest score', async () => {
  const trained = (await trainNetwork(runtime, build(2), data, plan))!
  const { logits } = await runtime.run(trained.model, { x: data.test.inputs })
  const right = [...data.test.labels].filter((label, row) => {
    const scores = [...(logits!.data as Float32Array).subarray(3 * row, 3 * row + 3)]
    return scores.indexOf(Math.max(...scores)) === label
  })
  expect(trained.accuracy).toBe(right.length / 9)
})

it('copies layers into a network of other classes, and nothing else', async () => {
  const network = await layersOf(runtime, build(1))
  const [from, to] = [build(2), build(3, 7)]
  const copied = copyLayers(network, 3, from, to)
  const same = (name: string, other: typeof to) =>
    copied.graph.initializers.get(name)!.data === other.graph.initializers.get(name)!.data
  for (const name of ['conv1', 'conv2', 'fc1']) expect(same(`${name}.weight`, from)).toBe(true)
  for (const kind of ['weight', 'bias']) expect(same(`fc2.${kind}`, to)).toBe(true)
  expect(to.graph.initializers.get('conv1.weight')!.data).not.toEqual(
    copied.graph.initializers.get('conv1.weight')!.data,
  )
})
