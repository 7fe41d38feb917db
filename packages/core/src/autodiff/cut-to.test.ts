import { expect, it } from 'vitest'
import { graphBuilder } from '../onnx/index.ts'
import { scalarOf } from '../tensor/index.ts'
import { cutTo } from './cut-to.ts'

it('keeps what the outputs are computed by, and outputs that nothing computes', () => {
  const graph = graphBuilder()
  const [x, z] = [graph.input('x', 'float32', []), graph.input('z', 'float32', [])]
  const one = graph.constant(scalarOf(1, 'float32'), 'one')
  const two = graph.constant(scalarOf(2, 'float32'), 'two')
  const sum = graph.node('Add', [x, one])
  graph.output('product', graph.node('Mul', [z, two]), 'float32', [])
  const { graph: cut } = cutTo(graph.model(), [{ name: sum }, { name: two }])
  expect(cut.nodes.map(({ op }) => op)).toEqual(['Add'])
  expect(cut.inputs.map(({ name }) => name)).toEqual(['x'])
  expect([...cut.initializers.keys()]).toEqual(['one', 'two'])
  expect(cut.outputs.map(({ name }) => name)).toEqual([sum, two])
})
