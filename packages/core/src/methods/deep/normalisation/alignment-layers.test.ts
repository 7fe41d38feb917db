import { afterAll, describe, expect, it } from 'vitest'
import { lowered } from '../../../autodiff/index.ts'
import { int, type Model } from '../../../onnx/index.ts'
import { nodeRuntime } from '../../../runtime/index.ts'
import { seededRandom } from '../../../tensor/index.ts'
import { drawTensor } from '../../../testing/draw.ts'
import { largestDifference } from '../../../testing/matrices.ts'
import { predictor } from '../../../training/index.ts'
import { adaptNormalisation } from '../losses/adapt-normalisation.ts'
import { normalisationLayers } from '../losses/normalisation-layers.ts'
import type { DeepNetwork } from '../network/deep-network.ts'
import { freshLenet, freshMlp } from '../network/fresh-network.ts'
import { mixingOf, withAlignmentLayers } from './alignment-layers.ts'
import { mixedStatistics } from './mixed-statistics.ts'
import { statisticsOf } from './normalised-network.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const fresh = { outputs: 3, random: seededRandom(1), normalised: true }
const networks: [string, DeepNetwork][] = [
  ['of dense layers', freshMlp({ ...fresh, features: 5 }, [6, 4])],
  ['of convolutions', freshLenet({ ...fresh, features: 64 })],
]

/** What a step computes with batches' own statistics, as outputs by name. The running ones are inputs, as in a step. */
const stepOn = ({ graph, ...rest }: Model, outputs: readonly string[]) => {
  const nodes = graph.nodes.map(lowered).map((node) => {
    if (node.op !== 'BatchNormalization') return node
    const named = [node.outputs[0]!, ...node.inputs.slice(3).map((name) => `${name}/next`)]
    return { ...node, outputs: named, attributes: { ...node.attributes, training_mode: int(1) } }
  })
  const statistics = graph.nodes.flatMap(({ op, inputs }) => (op === 'BatchNormalization' ? inputs.slice(3) : []))
  const model = { ...rest, graph: { ...graph, nodes, outputs: outputs.map((name) => ({ name })) } }
  return predictor(runtime, model, statistics)(Object.fromEntries(graph.initializers))
}

describe.each(networks)('a network %s', (_, { model, input, dims }) => {
  const layers = normalisationLayers(model.graph)
  const batch = drawTensor(seededRandom(2), 'float32', [12, ...dims], -1, 2)
  const rowsOf = (from: number, to: number) => {
    const data = batch.data as Float32Array
    const part = data.slice((from / 12) * data.length, (to / 12) * data.length)
    return { [input]: { ...batch, dims: [to - from, ...dims], data: part } }
  }
  const logits = async (given: Model, rows = rowsOf(0, 12)) =>
    (await stepOn(given, ['logits'])(rows)).logits!.data as Float32Array
  const layout = { source: { from: 0, to: 6 }, rows: 12 }

  it('with alignment layers at 1/2 normalises the whole batch, and at 1 each domain by itself', async () => {
    const both = await logits(withAlignmentLayers(model, layers, layout, 0.5))
    expect(largestDifference(both, await logits(model))).toBeLessThan(1e-4)
    const apart = await logits(withAlignmentLayers(model, layers, layout, 1))
    expect(largestDifference(apart, both)).toBeGreaterThan(1e-2)
    const each = [...(await logits(model, rowsOf(0, 6))), ...(await logits(model, rowsOf(6, 12)))]
    expect(largestDifference(apart, each)).toBeLessThan(1e-4)
  })

  it('keeps the statistics of the target’s mixture in the normalisations', async () => {
    const names = layers.flatMap(({ node }) => statisticsOf(node))
    const aligned = withAlignmentLayers(model, layers, layout, 0.8)
    const next = await stepOn(
      aligned,
      names.map((name) => `${name}/next`),
    )(rowsOf(0, 12))
    const rows = { source: () => [rowsOf(0, 6)], target: () => [rowsOf(6, 12)] }
    const found = await mixedStatistics(
      runtime,
      model,
      layers,
      layers.map(() => 0.8),
      rows,
    )
    const measured = found.flatMap(({ mean, variance }) => [mean, variance])
    names.forEach((name, i) => {
      const start = model.graph.initializers.get(name)!.data as Float32Array
      const moved = start.map((value, c) => 0.9 * value + 0.1 * Number(measured[i]!.data[c]))
      expect(largestDifference(next[`${name}/next`]!.data as Float32Array, moved)).toBeLessThan(1e-5)
    })
  })

  it('has, over all rows, the target’s own statistics at 1, and at 1/2 those of both domains in equal parts', async () => {
    const other = drawTensor(seededRandom(3), 'float32', [12, ...dims], 0, 3)
    const rows = { source: () => [{ [input]: other }], target: () => [{ [input]: batch }] }
    const statistics = (alpha: number) =>
      mixedStatistics(
        runtime,
        model,
        layers,
        layers.map(() => alpha),
        rows,
      )
    const compare = async (
      found: Awaited<ReturnType<typeof statistics>>,
      blocks: () => Record<string, typeof batch>[],
    ) => {
      const adapted = normalisationLayers((await adaptNormalisation(runtime, model, blocks)).graph)
      adapted.forEach(({ mean, variance }, i) => {
        expect(largestDifference(found[i]!.mean.data, mean.data)).toBeLessThan(1e-4)
        expect(largestDifference(found[i]!.variance.data, variance.data)).toBeLessThan(1e-4)
      })
    }
    await compare(await statistics(1), () => [{ [input]: batch }])
    await compare(await statistics(0.5), () => [{ [input]: other }, { [input]: batch }])
  })

  it('stores a mixing for each layer', () => {
    const aligned = withAlignmentLayers(model, layers, layout, 0.8)
    for (const { node } of layers) expect(aligned.graph.initializers.get(mixingOf(node))?.dims).toEqual([1])
    expect(new Set(layers.map(({ node }) => mixingOf(node))).size).toBe(layers.length)
  })
})
