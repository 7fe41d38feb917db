import { afterAll, describe, expect, it } from 'vitest'
import { lowered } from '../../../autodiff/index.ts'
import { nodeRuntime } from '../../../runtime/index.ts'
import { tensorFrom } from '../../../testing/draw.ts'
import { draws } from '../../../testing/draws.ts'
import { checkFragment, fragmentModel } from '../../../testing/fragment-check.ts'
import { columnMeans, mean, softmax, sum } from '../../../testing/plain-softmax.ts'
import { padaWeights, weightsOfRows } from './pada-weights.ts'
import { softLabelLoss, softLabels } from './soft-labels.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const CLASSES = 3
const oneHot = (classes: readonly number[]) =>
  tensorFrom(
    'float32',
    [classes.length, CLASSES],
    classes.flatMap((c) => [0, 1, 2].map((k) => Number(k === c))),
  )

describe.each([
  ['several rows', [0, 2, 0, 1, 2], [1, 2]],
  ['one row', [1], [1]],
  ['a class that the source lacks', [0, 0], [2, 0, 0]],
])('soft labels: %s', (_, sourceClasses, targetClasses) => {
  const { normal } = draws(3)
  const inputs = {
    source: normal([sourceClasses.length, CLASSES]),
    labels: oneHot(sourceClasses),
    target: normal([targetClasses.length, CLASSES]),
    few: oneHot(targetClasses),
  }

  it.each([undefined, 5])('the loss is its formula; the source passes no gradient (T: %s)', async (temperature) => {
    const softer = (row: readonly number[]) => softmax(row.map((z) => z / (temperature ?? 2)))
    const check = await checkFragment(runtime, {
      inputs,
      build: (graph) =>
        softLabelLoss(graph, 'target', 'few', softLabels(graph, 'source', 'labels', temperature), temperature),
      formula({ target }, { source }) {
        const label = (c: number) => {
          const own = source!.filter((__, i) => sourceClasses[i] === c)
          return own.length === 0 ? [0, 1, 2].map((k) => Number(k === c)) : columnMeans(own.map(softer))
        }
        return mean(
          target!.map((row, i) => -sum(label(targetClasses[i]!).map((q, k) => q * Math.log(softer(row)[k]!)))),
        )
      },
      by: { target: 1, source: 1 },
    })
    expect(check.exact).toBeLessThan(1e-6)
    expect(check.run).toBeLessThan(1e-5)
    expect(Math.hypot(...check.gradients.source!)).toBe(0)
  })
})

describe('the class weights of partial adaptation', () => {
  it('are mean predictions over the largest, and weigh rows by their class', async () => {
    const z = draws(8).normal([5, CLASSES])
    const y = tensorFrom('int64', [4], [2, 0, 0, 1])
    const inputs = { z, y }
    const check = await checkFragment(runtime, {
      inputs: { ...inputs, k: tensorFrom('float32', [4], [1, 2, 4, 8]) },
      build(graph) {
        const rows = weightsOfRows(graph, padaWeights(graph, 'z'), 'y')
        return graph.node('ReduceSum', [graph.node('Mul', [rows, 'k'])], { keepdims: { type: 'int', value: 0 } })
      },
      formula(at, held) {
        const shares = columnMeans(held.z!.map(softmax))
        return sum(at.k![0]!.map((k, i) => (k * shares[held.y![0]![i]!]!) / Math.max(...shares)))
      },
      by: { z: 1, k: 1 },
    })
    expect(check.exact).toBeLessThan(1e-6)
    expect(check.run).toBeLessThan(1e-5)
  })

  it('are near 0 for classes that the target lacks', async () => {
    const z = tensorFrom('float32', [2, CLASSES], [9, 0, -99, 0, 9, -99])
    const model = fragmentModel({ z }, (graph) => padaWeights(graph, 'z'))
    const nodes = model.graph.nodes.map(lowered)
    const outputs = [{ name: 'value', type: 'float32' as const, dims: [CLASSES] }]
    const { value } = await runtime.run({ ...model, graph: { ...model.graph, nodes, outputs } }, { z })
    expect(Array.from(value!.data as Float32Array)).toEqual([1, 1, expect.closeTo(0, 12)])
  })
})
