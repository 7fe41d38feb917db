import { afterAll, describe, expect, it } from 'vitest'
import { float, int } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { disagreements, oneNode } from '../../testing/against-runtime.ts'
import { type Draws, draws } from '../../testing/draws.ts'
import { interpret } from '../interpret.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

const inputsFor = (draw: Draws, dims: number[], own: number[]) => [
  draw.normal(dims),
  draw.normal(own),
  draw.normal(own),
  draw.normal(own),
  draw.uniform(own, 0.1, 2),
]

describe('BatchNormalization', () => {
  it('agrees with ONNX Runtime by running statistics', async () => {
    const draw = draws(1)
    for (let i = 0; i < 60; i++) {
      const dims = draw.several(draw.between(2, 5), 1, 4)
      const attributes = {
        ...(draw.chance(0.5) ? { epsilon: float(0.01) } : {}),
        ...(draw.chance(0.5) ? { momentum: float(0.3) } : {}),
      }
      const opset = draw.pick([7, 8, 9, 14, 15, 17])
      const example = oneNode('BatchNormalization', inputsFor(draw, dims, [dims[1]]), attributes, { opset })
      expect(await disagreements(runtime, example)).toEqual([])
    }
  })

  it('agrees where every place has statistics of its own, up to operator set 8', async () => {
    const draw = draws(2)
    for (const opset of [7, 8]) {
      const dims = [3, 2, 4, 2]
      const inputs = inputsFor(draw, dims, dims.slice(1))
      expect(
        await disagreements(runtime, oneNode('BatchNormalization', inputs, { spatial: int(0) }, { opset })),
      ).toEqual([])
    }
  })

  it('agrees in training, running statistics included', async () => {
    const draw = draws(3)
    for (let i = 0; i < 40; i++) {
      const dims = [draw.between(2, 4), draw.between(1, 4), ...draw.several(draw.between(0, 3), 1, 4)]
      const attributes = {
        training_mode: int(1),
        ...(draw.chance(0.5) ? { epsilon: float(0.01) } : {}),
        ...(draw.chance(0.5) ? { momentum: float(0.3) } : {}),
      }
      const options = { opset: draw.pick([14, 15, 17]), outputs: 3 }
      const example = oneNode('BatchNormalization', inputsFor(draw, dims, [dims[1]]), attributes, options)
      expect(await disagreements(runtime, example, 1e-4)).toEqual([])
    }
  })

  it('trains up to operator set 13 where the node has outputs for statistics, those of the batch among them', () => {
    const inputs = inputsFor(draws(4), [3, 2, 5], [2])
    const run = (opset: number, outputs: number) => {
      const attributes = opset < 14 ? {} : { training_mode: int(1) }
      const example = oneNode('BatchNormalization', inputs, attributes, { opset, outputs })
      const { values } = interpret(example.model, example.inputs)
      return example.model.graph.outputs.map(({ name }) => values.get(name)!)
    }
    const [y, mean, variance, batchMean, batchVariance] = run(9, 5)
    expect([y, mean, variance]).toEqual(run(14, 3))
    const momentum = Math.fround(0.9)
    for (const [mixed, before, own] of [
      [mean, inputs[3], batchMean],
      [variance, inputs[4], batchVariance],
    ] as const) {
      mixed.data.forEach((each, c) => {
        expect(each).toBeCloseTo(Number(before.data[c]) * momentum + own.data[c] * (1 - momentum), 12)
      })
    }
  })
})
