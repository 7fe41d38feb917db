import { afterAll, describe, expect, it } from 'vitest'
import { specialise } from '../../../autodiff/index.ts'
import { builderOn, graphBuilder, upgradeModel } from '../../../onnx/index.ts'
import { nodeRuntime } from '../../../runtime/index.ts'
import { seededRandom, sizeOf } from '../../../tensor/index.ts'
import { drawTensor } from '../../../testing/draw.ts'
import { fitMethod } from '../../../testing/fit-method.ts'
import { shiftedClasses } from '../../../testing/shifted-classes.ts'
import { mmdLoss } from '../losses/index.ts'
import { dan } from './dan.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const shape = { rows: 300, features: 4, classes: 3, apart: 4 }
const source = shiftedClasses({ ...shape, shift: 0, seed: 1 })
const target = shiftedClasses({ ...shape, shift: 3, seed: 2 })
const fit = (settings: Record<string, unknown>) =>
  fitMethod(dan, {
    runtime,
    source,
    target,
    classes: 3,
    settings: { epochs: 20, learningRate: 0.01, hidden: '32,16', ...settings },
  })

describe('deep adaptation networks', () => {
  it.each([{}, { estimator: 'linear' }, { weighting: 'equal' }])('follow a shift with %o', async (settings) => {
    const alone = await fit({ ...settings, tradeOff: 0 })
    const aligned = await fit(settings)
    expect(alone.accuracy).toBeLessThan(0.85)
    expect(aligned.accuracy).toBeGreaterThan(0.95)
    expect(aligned.training!.epochs.at(-1)!.discrepancy!).toBeLessThan(alone.training!.epochs.at(-1)!.discrepancy! / 2)
  })

  it('train otherwise with weighed kernels, and the same with the same seed', async () => {
    const short = { epochs: 3 }
    const [first, again, equal] = [await fit(short), await fit(short), await fit({ ...short, weighting: 'equal' })]
    expect(again.target.data).toEqual(first.target.data)
    expect(equal.target.data).not.toEqual(first.target.data)
  })

  it('refuse settings out of range', () => {
    for (const settings of [{ kernels: 0 }, { tradeOff: -1 }, { layers: 1.5 }, { estimator: 'biased' }]) {
      expect(() => dan.options.parse(settings)).toThrow()
    }
  })
})

it('costs one product of the batch with itself, and no array of pairs times columns', async () => {
  const [rows, columns] = [64, 100]
  const random = seededRandom(1)
  const [s, t] = [drawTensor(random, 'float32', [rows, columns]), drawTensor(random, 'float32', [rows, columns])]
  const graph = builderOn(upgradeModel(graphBuilder('discrepancy').model()))
  const [a, b] = [graph.input('s', 'float32', s.dims), graph.input('t', 'float32', t.dims)]
  graph.output('loss', mmdLoss(graph, a, b, { bandwidth: 'mean' }), 'float32', [])
  const made = await specialise(runtime, graph.model(), { s, t }, new Set())
  const products = made.model.graph.nodes.filter(({ op }) => op === 'MatMul' || op === 'Gemm' || op === 'Einsum')
  const dims = products.map(({ inputs }) => inputs.slice(0, 2).map((name) => made.valueOf(name).dims))
  // The rows' product; and for five kernels the sum of their pairs by one list of weights.
  expect(dims).toEqual([
    [
      [128, 100],
      [128, 100],
    ],
    [
      [5, 128 * 128],
      [128 * 128, 1],
    ],
  ])
  const largest = Math.max(
    ...made.model.graph.nodes.flatMap(({ outputs }) => outputs.map((name) => sizeOf(made.valueOf(name).dims))),
  )
  expect(largest).toBe(5 * 128 * 128)
})
