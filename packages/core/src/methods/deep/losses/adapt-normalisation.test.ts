import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { builderOn, graphBuilder, int, ints, type Model, upgradeModel } from '../../../onnx/index.ts'
import { nodeRuntime, type Tensors } from '../../../runtime/index.ts'
import { seededRandom, sizeOf, type Tensor, tensor } from '../../../tensor/index.ts'
import { drawTensor } from '../../../testing/draw.ts'
import { filled, smallNetwork } from '../../../testing/small-network.ts'
import { adaptNormalisation } from './adapt-normalisation.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

/**
 * Convolutions of 3 channels with a branch: normalisations `a`, then `b` and `c` side by side on the rectified `a`, then `d` on
 * their sum, all of scale 1 and shift 0, each given back after it.
 */
function branched(): Model {
  const graph = graphBuilder('branched')
  const conv = (x: string, channels: number, a: number) =>
    graph.node('Conv', [x, graph.constant(filled([3, channels, 2, 2], (k) => Math.sin(a + 1.7 * k)))], {
      pads: ints([0, 0, 1, 1]),
    })
  const norm = (x: string, name: string) => {
    const constant = (part: string, value: number) =>
      graph.constant(
        filled([3], () => value),
        `${name}.${part}`,
      )
    const y = graph.node('BatchNormalization', [
      x,
      constant('scale', 1),
      constant('shift', 0),
      constant('mean', 5),
      constant('variance', 3),
    ])
    graph.output(name, y, 'float32', ['N', 3, 3, 3])
    return y
  }
  const x = graph.input('x', 'float32', ['N', 2, 3, 3])
  const first = graph.node('Relu', [norm(conv(x, 2, 1), 'a')])
  const sum = graph.node('Add', [norm(conv(first, 3, 2), 'b'), norm(conv(first, 3, 3), 'c')])
  norm(graph.node('Relu', [sum]), 'd')
  return graph.model()
}

const images = (rows: number, seed: number) => drawTensor(seededRandom(seed), 'float32', [rows, 2, 3, 3])

/** Consecutive rows as batches of these sizes. */
function inBatches(x: Tensor, sizes: readonly number[]): Tensors[] {
  const width = sizeOf(x.dims.slice(1))
  let from = 0
  return sizes.map((rows) => {
    const data = (x.data as Float32Array).slice(from * width, (from + rows) * width)
    from += rows
    return { x: tensor('float32', [rows, ...x.dims.slice(1)], data) }
  })
}

const stored = (model: Model, name: string) => Array.from(model.graph.initializers.get(name)!.data as Float32Array)

/** Mean and population variance of each channel of `N × C × …`. */
function moments({ dims, data }: Tensor) {
  const inner = sizeOf(dims.slice(2))
  return Array.from({ length: dims[1]! }, (_, c) => {
    const own = Array.from(data as Float32Array).filter((_, k) => Math.floor(k / inner) % dims[1]! === c)
    const mean = own.reduce((sum, value) => sum + value, 0) / own.length
    return { mean, variance: own.reduce((sum, value) => sum + (value - mean) ** 2, 0) / own.length }
  })
}

describe('adaptive normalisation', () => {
  it('leaves every channel of every layer with mean 0 and variance 1 over all target rows', async () => {
    const rows = images(7, 1)
    const adapted = await adaptNormalisation(runtime, branched(), () => inBatches(rows, [3, 4]))
    const results = await runtime.run(adapted, { x: rows })
    for (const name of ['a', 'b', 'c', 'd']) {
      for (const { mean, variance } of moments(results[name]!)) {
        expect(mean).toBeCloseTo(0, 5)
        // The normalisation's own epsilon of 1e-5 is in the variance.
        expect(Math.abs(variance - 1)).toBeLessThan(1e-3)
      }
    }
  })

  it('does not depend on how rows are batched, nor on their order', async () => {
    const rows = images(6, 2)
    const whole = await adaptNormalisation(runtime, branched(), () => inBatches(rows, [6]))
    const split = fc.constantFrom([1, 2, 3], [3, 3], [1, 1, 1, 1, 1, 1], [5, 1])
    await fc.assert(
      fc.asyncProperty(split, fc.boolean(), async (sizes, turned) => {
        const batches = inBatches(rows, sizes)
        const other = await adaptNormalisation(runtime, branched(), () => (turned ? batches.toReversed() : batches))
        for (const name of ['a.mean', 'b.variance', 'd.mean', 'd.variance']) {
          const expected = stored(whole, name)
          for (const [c, value] of stored(other, name).entries()) {
            expect(Math.abs(value - expected[c]!)).toBeLessThan(1e-5 * (1 + Math.abs(expected[c]!)))
          }
        }
      }),
      { numRuns: 10 },
    )
  })

  it('of rows instead of images is by the first layer’s own moments, all else staying', async () => {
    const model = smallNetwork({ normalised: true })
    const input = drawTensor(seededRandom(3), 'float32', [9, 3])
    const weights = (name: string) => stored(model, name)
    const first = Array.from({ length: 9 * 4 }, (_, k) => {
      const [i, j] = [Math.floor(k / 4), k % 4]
      return [0, 1, 2].reduce(
        (sum, l) => sum + weights('first.weight')[3 * j + l]! * Number(input.data[3 * i + l]),
        weights('first.bias')[j]!,
      )
    })
    const adapted = await adaptNormalisation(runtime, model, async function* () {
      yield { input, target: input }
    })
    moments(tensor('float32', [9, 4], Float32Array.from(first))).forEach(({ mean, variance }, j) => {
      expect(stored(adapted, 'norm.mean')[j]!).toBeCloseTo(mean, 5)
      expect(stored(adapted, 'norm.variance')[j]!).toBeCloseTo(variance, 5)
    })
    const others = [...model.graph.initializers].filter(([name]) => !/norm.(mean|variance)/.test(name))
    for (const [name, value] of others) expect(adapted.graph.initializers.get(name)).toEqual(value)
    expect(adapted.graph.nodes).toEqual(upgradeModel(model).graph.nodes)
    expect(stored(model, 'norm.mean')).toEqual([0, 0, 0, 0])
  })

  it('gives layers that shared statistics their own', async () => {
    const graph = graphBuilder('sharing')
    const x = graph.input('x', 'float32', ['N', 1])
    const [zero, one] = [0, 1].map((value) => graph.constant(tensor('float32', [1], Float32Array.of(value))))
    const norm = (y: string) => graph.node('BatchNormalization', [y, one!, zero!, zero!, one!])
    const scaled = graph.node('Mul', [norm(x), graph.constant(tensor('float32', [], Float32Array.of(3)))])
    graph.output('y', norm(scaled), 'float32', ['N', 1])
    const rows = tensor('float32', [4, 1], Float32Array.of(1, 3, 5, 7))
    const adapted = await adaptNormalisation(runtime, graph.model(), () => [{ x: rows }])
    const layers = adapted.graph.nodes.filter(({ op }) => op === 'BatchNormalization')
    const statistics = layers.map(({ inputs }) => inputs.slice(3).map((name) => stored(adapted, name)[0]!))
    expect(statistics[0]).toEqual([4, 5])
    expect(statistics[1]![0]!).toBeCloseTo(0, 5)
    expect(statistics[1]![1]!).toBeCloseTo(9, 3)
    expect(layers.map(({ inputs }) => stored(adapted, inputs[1]!))).toEqual([[1], [1]])
  })

  it('refuses a model without normalisation, statistics that are computed, and no rows', async () => {
    const none = () => []
    await expect(adaptNormalisation(runtime, smallNetwork(), none)).rejects.toThrow(/no batch normalisation to adapt/)
    await expect(adaptNormalisation(runtime, branched(), none)).rejects.toThrow(/no target rows/)
    const graph = builderOn(upgradeModel(smallNetwork()))
    const first = graph.model().graph.nodes[0]!.outputs[0]!
    const four = graph.constant(filled([4], () => 1))
    const mean = graph.node('ReduceMean', [first, graph.constant(tensor('int64', [1], BigInt64Array.of(0n)))], {
      keepdims: int(0),
    })
    graph.output('y', graph.node('BatchNormalization', [first, four, four, mean, four]), 'float32', ['N', 4])
    await expect(adaptNormalisation(runtime, graph.model(), none)).rejects.toThrow(/are not stored in the model/)
  })
})
