import fc from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { int } from '../../onnx/index.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { seededRandom, vectorTensor } from '../../tensor/index.ts'
import { oneNode } from '../../testing/against-runtime.ts'
import { drawAxis, drawDims, drawTensor } from '../../testing/draw.ts'
import { plainNode, sumGradients } from '../../testing/sum-gradients.ts'
import { wrongGradients } from '../../testing/wrong-gradients.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

describe.each(['Softmax', 'LogSoftmax'])('%s', (op) => {
  it('passes the gradient along any axis', async () => {
    const types = fc.constantFrom('float32' as const, 'float64' as const)
    await fc.assert(
      fc.asyncProperty(fc.nat(10_000), types, fc.boolean(), async (seed, type, last) => {
        const random = seededRandom(seed)
        const dims = drawDims(random, 1, 4)
        const attributes = last ? {} : { axis: int(drawAxis(random, dims.length)) }
        expect(
          await wrongGradients(runtime, oneNode(op, [drawTensor(random, type, dims)], attributes, { opset: 18 })),
        ).toEqual([])
      }),
      { numRuns: 60 },
    )
  })
})

it('passes nothing, not NaN, to what is masked with −∞', async () => {
  const { model, inputs } = oneNode('Softmax', [vectorTensor([1, -Infinity, 2])], {}, { opset: 18 })
  const renamed = { ...model.graph.nodes[0]!, outputs: ['y'] }
  const square = plainNode('Mul', ['y', 'y'], 'output_0')
  const squared = { ...model, graph: { ...model.graph, nodes: [renamed, square] } }
  const [byX] = await sumGradients(runtime, { model: squared, inputs })
  const [left, masked, right] = byX as [number, number, number]
  expect(masked).toBe(0)
  expect(left + right).toBeCloseTo(0, 12)
  expect(right).toBeGreaterThan(0.01)
})
