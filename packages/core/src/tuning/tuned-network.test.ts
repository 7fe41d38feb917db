import { afterAll, describe, expect, it } from 'vitest'
import { classifierFile, cnn, describeNetwork, mlp } from '../networks/index.ts'
import { graphBuilder, int } from '../onnx/index.ts'
import { nodeRuntime } from '../runtime/index.ts'
import { seededRandom, type Tensor } from '../tensor/index.ts'
import { trainedPart } from './trained-part.ts'
import { embeddingPart, tunedNetwork } from './tuned-network.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const made = (dims: readonly number[], seed = 1): Tensor<'float32'> => {
  const random = seededRandom(seed)
  const data = Float32Array.from({ length: dims.reduce((all, size) => all * size, 1) }, () => random.normal())
  return { type: 'float32', dims, data }
}

describe('a network with a new head', () => {
  it('keeps what the old head said, and starts the new one at zero', async () => {
    const model = mlp({ inputs: 6, hidden: [8, 4], classes: 5, random: seededRandom(1) })
    const tuned = await tunedNetwork(runtime, await describeNetwork(runtime, model), 3)
    const x = made([7, 6])
    const before = (await runtime.run(model, { x })).logits!
    const after = await runtime.run(tuned.model, { x })
    expect(tuned.oldHead).toMatchObject({ kind: 'logits', classes: 5 })
    expect(after[tuned.oldHead!.output]!.data).toEqual(before.data)
    expect(after.logits).toEqual({ type: 'float32', dims: [7, 3], data: new Float32Array(21) })
    expect(after.embedding!.dims).toEqual([7, 4])
  })

  it('takes the average over places of convolutional features, and knows probabilities as such', async () => {
    const graph = graphBuilder()
    const x = graph.input('photo', 'float32', ['N', 2, 6, 6])
    const maps = graph.node('Relu', [graph.node('Conv', [x, graph.constant(made([4, 2, 3, 3]), 'w')])])
    const pooled = graph.node('Flatten', [graph.node('GlobalAveragePool', [maps])], { axis: int(1) })
    const scores = graph.node('MatMul', [pooled, graph.constant(made([4, 3]), 'v')])
    graph.output('shares', graph.node('Softmax', [scores], { axis: int(1) }), 'float32', ['N', 3])
    const model = graph.model()
    const described = await describeNetwork(runtime, model)
    const tuned = await tunedNetwork(runtime, described, 2)
    expect(tuned.oldHead).toMatchObject({ kind: 'probabilities', classes: 3 })
    const photo = made([5, 2, 6, 6], 3)
    const { embedding } = await runtime.run(tuned.model, { photo })
    const base = await embeddingPart(runtime, described)
    const [alone] = Object.values(await runtime.run(base, { photo }))
    expect(alone!.data).toEqual(embedding!.data)
    expect(alone!.dims).toEqual([5, 4])
  })

  it('finds the head of a tuned file, whose features are an output that the head does not read', async () => {
    const model = mlp({ inputs: 6, hidden: [8, 4], classes: 5, random: seededRandom(1) })
    const first = await tunedNetwork(runtime, await describeNetwork(runtime, model), 3)
    const { oldHead } = first
    expect(oldHead?.classes).toBe(5)
    const file = classifierFile(first.model, { classes: ['a', 'b', 'c'], metadata: {} })
    const described = await describeNetwork(runtime, file)
    expect(described.features).toBe('embedding')
    const second = await tunedNetwork(runtime, described, 2)
    expect(second.oldHead).toMatchObject({ kind: 'probabilities', classes: 3 })
    const x = made([7, 6])
    const [before, after] = [await runtime.run(file, { x }), await runtime.run(second.model, { x })]
    expect(after[second.oldHead!.output]!.data).toEqual(before.probabilities!.data)
    expect(after.embedding!.data).toEqual(before.embedding!.data)
    const part = trainedPart(second.model, second.embedding)
    const [between] = Object.values(await runtime.run(part.base!, { x }))
    const said = await runtime.run(part.network, { [part.input]: between! })
    expect(said[second.oldHead!.output]!.data).toEqual(before.probabilities!.data)
  })

  it('cut at any block gives what it gives whole', async () => {
    const model = cnn({ channels: 1, size: 12, classes: 4, random: seededRandom(2), stages: [[3], [4]], hidden: 6 })
    const described = await describeNetwork(runtime, model)
    const tuned = await tunedNetwork(runtime, described, 3)
    const x = made([3, 1, 12, 12], 5)
    const whole = await runtime.run(tuned.model, { x })
    expect(described.blocks.length).toBeGreaterThan(2)
    for (const cut of [...described.blocks.map(({ output }) => output), tuned.embedding]) {
      const part = trainedPart(tuned.model, cut)
      const [between] = Object.values(await runtime.run(part.base!, { x }))
      const said = await runtime.run(part.network, { [part.input]: between! })
      expect(said.embedding!.data, cut).toEqual(whole.embedding!.data)
    }
  })
})
