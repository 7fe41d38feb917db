import { afterAll, expect, it } from 'vitest'
import { nodeRuntime } from '../../../runtime/index.ts'
import { seededRandom } from '../../../tensor/index.ts'
import { drawTensor } from '../../../testing/draw.ts'
import { freshMlp } from '../network/fresh-network.ts'
import { deepProblem } from '../trainer/deep-problem.ts'
import { networkOutputs } from '../trainer/network-outputs.ts'
import { withAdaptationLayer } from './adaptation-layer.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const random = seededRandom(1)
const plain = freshMlp({ features: 3, outputs: 2, random, normalised: false }, [8, 6])
const x = drawTensor(random, 'float32', [5, 3])
const features = { rows: 5, columns: 3, data: Float64Array.from(x.data as Float32Array) }
const problem = deepProblem({
  task: { kind: 'classification', classes: ['a', 'b'] },
  sources: [{ name: 's', features, labels: Int32Array.of(0, 1, 0, 1, 0) }],
  target: { name: 't', features },
})

it.each([
  [0, [8, 4, 6]],
  [1, [8, 6, 4]],
])('stands on layer %i, and what follows reads it', async (on, widths) => {
  const network = withAdaptationLayer(plain, { on, width: 4, random })
  expect(network.layers.map(({ width }) => width)).toEqual(widths)
  const { layers, logits } = await networkOutputs(runtime, network, problem)({}).run(x)
  expect(layers.map(({ columns }) => columns)).toEqual(widths)
  expect(logits.columns).toBe(2)
  const stored = network.model.graph.initializers
  const dense = async (rows: (typeof layers)[number], weight: string, bias: string) => {
    const [w, b] = [stored.get(weight)!, stored.get(bias)!]
    const [units, width] = w.dims as [number, number]
    return Float64Array.from({ length: rows.rows * units }, (_, k) => {
      const [i, u] = [Math.floor(k / units), k % units]
      let sum = Number(b.data[u])
      for (let j = 0; j < width; j++) sum += rows.data[i * width + j]! * Number(w.data[u * width + j])
      return sum
    })
  }
  const close = (found: Float64Array, expected: Float64Array) =>
    found.forEach((value, k) => {
      expect(value).toBeCloseTo(expected[k]!, 5)
    })
  const own = await dense(layers[on]!, 'adaptation.weight', 'adaptation.bias')
  close(
    layers[on + 1]!.data,
    own.map((value) => Math.max(0, value)),
  )
  if (on === 0) {
    const above = await dense(layers[1]!, 'fc2.weight', 'fc2.bias')
    close(
      layers[2]!.data,
      above.map((value) => Math.max(0, value)),
    )
  }
  close(logits.data, await dense(layers[2]!, network.head.weight, network.head.bias))
})

it('is trained as a fresh layer, and gives the embedding where it is the last', async () => {
  const { parameters, model } = withAdaptationLayer(plain, { on: 1, width: 4, random })
  expect(parameters.get('adaptation.weight')).toBe('body')
  expect(parameters.get('adaptation.bias')).toBe('body')
  for (const name of parameters.keys()) expect(model.graph.initializers.has(name)).toBe(true)
  const { embedding } = await runtime.run(model, { x })
  expect(embedding!.dims).toEqual([5, 4])
})

it('leaves the network that it was given as it was', async () => {
  const before = await runtime.run(plain.model, { x })
  withAdaptationLayer(plain, { on: 0, width: 4, random })
  expect(await runtime.run(plain.model, { x })).toEqual(before)
  expect(plain.layers).toHaveLength(2)
})
