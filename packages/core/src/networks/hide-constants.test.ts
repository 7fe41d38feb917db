import { afterAll, describe, expect, it } from 'vitest'
import { parametersOf } from '../autodiff/index.ts'
import { graphBuilder, type Model } from '../onnx/index.ts'
import { nodeRuntime } from '../runtime/index.ts'
import { filled } from '../testing/small-network.ts'
import { hideConstants } from './hide-constants.ts'
import { openBatch } from './open-batch.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

/** `x` (N × 2) times a weight of 2 × 3, divided by a root that is computed from constants. */
function scaled(): Model {
  const graph = graphBuilder('scaled')
  const weight = graph.constant(filled([2, 3], Math.sin), 'weight')
  const product = graph.node('MatMul', [graph.input('x', 'float32', ['N', 2]), weight])
  const three = graph.node('Constant', [], { value: { type: 'tensor', value: filled([3], () => 4) } })
  graph.output('y', graph.node('Div', [product, graph.node('Sqrt', [three])]), 'float32', ['N', 3])
  return graph.model()
}

const x = filled([4, 2], Math.cos)

describe('constants', () => {
  it('that were computed are no parameters once they are stored', async () => {
    const model = scaled()
    expect(parametersOf(model)).toEqual(['weight'])
    const open = await openBatch(runtime, model)
    expect(open.parameters).toEqual(['weight'])
    expect(parametersOf(open.model)).toEqual(['weight'])
    expect(await runtime.run(open.model, { x })).toEqual(await runtime.run(model, { x }))
    const again = await openBatch(runtime, open.model)
    expect(parametersOf(again.model)).toEqual(['weight'])
    expect(await runtime.run(again.model, { x })).toEqual(await runtime.run(model, { x }))
  })

  it('keep their numbers to the bit, and a model without any is left as it is', async () => {
    const model = scaled()
    const hidden = hideConstants(model, new Set())
    expect(parametersOf(hidden)).toEqual([])
    expect(await runtime.run(hidden, { x })).toEqual(await runtime.run(model, { x }))
    expect(hideConstants(model, new Set(['weight']))).toBe(model)
  })
})
