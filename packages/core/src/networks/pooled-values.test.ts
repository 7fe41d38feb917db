import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Attribute, graphBuilder, int, ints, type Model } from '../onnx/index.ts'
import { nodeRuntime, type Runtime } from '../runtime/index.ts'
import { randomTensor } from '../testing/random-tensor.ts'
import { describeNetwork } from './describe-network.ts'
import { pooledValues } from './pooled-values.ts'

let runtime: Runtime
beforeAll(async () => {
  runtime = await nodeRuntime()
})
afterAll(() => runtime.release())

/** A convolution, averaged over places, and a classifier. */
function network(): Model {
  const graph = graphBuilder('two-paths')
  const x = graph.input('x', 'float32', ['N', 2, 5, 5])
  const node = (op: string, inputs: readonly string[], attributes: Record<string, Attribute> = {}) =>
    graph.node(op, inputs, attributes)
  const conv = node('Conv', [x, graph.constant(randomTensor([3, 2, 3, 3], 1), 'conv.weight')], {
    kernel_shape: ints([3, 3]),
  })
  const flat = node('Flatten', [node('GlobalAveragePool', [conv])], { axis: int(1) })
  graph.output('logits', node('Gemm', [flat, graph.constant(randomTensor([3, 4], 2), 'head.weight')]), 'float32', [
    'N',
    4,
  ])
  return graph.model()
}

test('gives values side by side in the order asked for, those with places averaged', async () => {
  const described = await describeNetwork(runtime, network())
  const conv = described.model.graph.nodes.find(({ op }) => op === 'Conv')!.outputs[0]!
  const { model, widths } = pooledValues(described, ['logits', conv, described.features])
  expect(widths).toEqual([4, 3, 3])
  const x = randomTensor([6, 2, 5, 5], 3)
  const { pooled } = await runtime.run(model, { x })
  expect(pooled!.dims).toEqual([6, 10])
  const { logits } = await runtime.run(network(), { x })
  for (let i = 0; i < 6; i++) {
    const row = Array.from(pooled!.data.slice(10 * i, 10 * i + 10) as Float32Array)
    Array.from(logits!.data.slice(4 * i, 4 * i + 4) as Float32Array).forEach((value, j) => {
      expect(row[j]).toBeCloseTo(value, 5)
    })
    // The features are the pooled convolution itself.
    expect(row.slice(4, 7)).toEqual(row.slice(7).map((value) => expect.closeTo(value, 5)))
  }
})

test('averages tokens, not the numbers of one token', async () => {
  const graph = graphBuilder('tokens')
  const x = graph.input('x', 'float32', ['N', 3, 4])
  graph.output('features', graph.node('MatMul', [x, graph.constant(randomTensor([4, 2], 4), 'w')]), 'float32', [
    'N',
    3,
    2,
  ])
  const { model, widths } = pooledValues(await describeNetwork(runtime, graph.model()), ['features'])
  expect(widths).toEqual([2])
  const input = randomTensor([2, 3, 4], 5)
  const { features } = await runtime.run(graph.model(), { x: input })
  const { pooled } = await runtime.run(model, { x: input })
  const value = (i: number, token: number, j: number) => Number(features!.data[(i * 3 + token) * 2 + j])
  for (const i of [0, 1]) {
    for (const j of [0, 1]) {
      const mean = (value(i, 0, j) + value(i, 1, j) + value(i, 2, j)) / 3
      expect(Number(pooled!.data[2 * i + j])).toBeCloseTo(mean, 5)
    }
  }
})

test('refuses a value that is not there', async () => {
  const described = await describeNetwork(runtime, network())
  expect(() => pooledValues(described, ['nothing'])).toThrow(/"nothing" is not a float32 value/)
})
