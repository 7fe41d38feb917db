import { afterAll, describe, expect, it } from 'vitest'
import { type Attribute, int, text } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { type Tensor, tensor } from '../../tensor/index.ts'
import { disagreements, oneNode } from '../../testing/against-runtime.ts'
import { type Draws, draws } from '../../testing/draws.ts'
import { interpret } from '../interpret.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

/** Scores, labels and weights, with attributes there or not; the first label is never ignored. */
function problem(draw: Draws) {
  const classes = draw.between(2, 5)
  const rest = draw.several(draw.between(0, 2), 1, 3)
  const batch = draw.between(2, 4)
  const scores = draw.normal([batch, classes, ...rest])
  const labels = draw.integers([batch, ...rest], 0, classes - 1, draw.pick(['int64', 'int32']))
  const ignored = draw.pick([undefined, Number(labels.data[1]), -1])
  if (ignored !== undefined && ignored === Number(labels.data[0])) {
    const other = (ignored + 1) % classes
    labels.data[0] = labels.type === 'int64' ? BigInt(other) : other
  }
  const attributes: Record<string, Attribute> = {
    ...(ignored === undefined ? {} : { ignore_index: int(ignored) }),
    ...(draw.chance(0.2) ? {} : { reduction: text(draw.pick(['none', 'sum', 'mean'])) }),
  }
  const weights = draw.chance(0.5) ? [draw.uniform([classes], 0.1, 2)] : []
  return { inputs: [scores, labels, ...weights] as Tensor[], attributes }
}

describe('NegativeLogLikelihoodLoss', () => {
  it('agrees with ONNX Runtime', async () => {
    const draw = draws(1)
    for (let i = 0; i < 80; i++) {
      const { inputs, attributes } = problem(draw)
      const example = oneNode('NegativeLogLikelihoodLoss', inputs, attributes, { opset: draw.pick([12, 13, 17, 22]) })
      expect(await disagreements(runtime, example)).toEqual([])
    }
  })

  it('names the node with a label that is no class', () => {
    const inputs = [draws(2).normal([2, 3]), tensor('int64', [2], BigInt64Array.of(0n, 3n))]
    const example = oneNode('NegativeLogLikelihoodLoss', inputs)
    expect(() => interpret(example.model, example.inputs)).toThrow('"node" has the label 3 for 3 classes')
  })
})

describe('SoftmaxCrossEntropyLoss', () => {
  it('agrees with ONNX Runtime, log probabilities included', async () => {
    const draw = draws(3)
    for (let i = 0; i < 80; i++) {
      const { inputs, attributes } = problem(draw)
      const options = { opset: draw.pick([12, 13, 17, 22]), outputs: draw.between(1, 2) }
      expect(await disagreements(runtime, oneNode('SoftmaxCrossEntropyLoss', inputs, attributes, options))).toEqual([])
    }
  })

  it('stays finite for scores that overflow', () => {
    const inputs = [tensor('float32', [1, 2], Float32Array.of(1000, -1000)), tensor('int64', [1], BigInt64Array.of(1n))]
    const example = oneNode('SoftmaxCrossEntropyLoss', inputs)
    expect(Array.from(interpret(example.model, example.inputs).values.get('output_0')!.data)).toEqual([2000])
  })
})
