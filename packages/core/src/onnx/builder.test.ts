import { afterAll, expect, it } from 'vitest'
import { nodeRuntime } from '../runtime/index.ts'
import { builderOn, graphBuilder } from './builder.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

it('gives every node a name of its own, though values of the graph were renamed', async () => {
  const first = graphBuilder('first')
  first.output('y', first.node('Neg', [first.input('x', 'float32', ['N'])]), 'float32', ['N'])
  const { graph, ...rest } = first.model()
  const nodes = graph.nodes.map((node) => ({
    ...node,
    outputs: node.outputs.map((name) => `${name} before`),
    inputs: node.inputs.map((name) => (name === 'x' ? name : `${name} before`)),
  }))
  const second = builderOn({ ...rest, graph: { ...graph, nodes, outputs: [] } })
  second.output('y', second.node('Neg', ['y before']), 'float32', ['N'])
  const { y } = await runtime.run(second.model(), { x: { type: 'float32', dims: [1], data: Float32Array.of(3) } })
  expect(y!.data[0]).toBe(3)
})
