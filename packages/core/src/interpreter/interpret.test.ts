import { afterAll, describe, expect, it } from 'vitest'
import { type GraphBuilder, graphBuilder, int, type Model } from '../onnx/index.ts'
import { nodeRuntime } from '../runtime/index.ts'
import { seededRandom, tensor, vectorTensor } from '../tensor/index.ts'
import { disagreements, oneNode } from '../testing/against-runtime.ts'
import { drawTensor, tensorFrom } from '../testing/draw.ts'
import { interpret } from './interpret.ts'
import { tensorValue, value } from './value.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

/** Two layers and the log-likelihood of the rows' classes, each value under a name of its own. */
function network(): { model: Model; names: Record<'h' | 'beside' | 'loss', string> } {
  const graph = graphBuilder('network')
  const x = graph.input('x', 'float64', ['n', 3])
  const weights = graph.constant(drawTensor(seededRandom(1), 'float64', [3, 4]), 'weights')
  const h = graph.node('Tanh', [product(graph, x, weights)])
  const beside = graph.node('Exp', [x])
  const scores = graph.node('LogSoftmax', [h], { axis: int(1) })
  const loss = graph.node('ReduceMean', [scores], { keepdims: int(0) })
  graph.output('y', loss, 'float64', [])
  return { model: graph.model(), names: { h, beside, loss } }
}

/** `x w` by products and sums, which are kernels of this folder's first half. */
function product(graph: GraphBuilder, x: string, w: string): string {
  const [columns, rows] = [tensorFrom('int64', [1], [2]), tensorFrom('int64', [1], [0])].map((axes) =>
    graph.constant(axes),
  )
  const all = graph.node('Mul', [graph.node('Unsqueeze', [x, columns!]), graph.node('Unsqueeze', [w, rows!])])
  return graph.node('ReduceSum', [all, graph.constant(tensorFrom('int64', [1], [1]))], { keepdims: int(0) })
}

const x = drawTensor(seededRandom(2), 'float64', [5, 3])

describe('interpret', () => {
  it('runs a graph as ONNX Runtime does, and keeps every value', async () => {
    const { model, names } = network()
    expect(await disagreements(runtime, { model, inputs: { x } })).toEqual([])
    const { values } = interpret(model, { x })
    expect(values.get(names.h)!.dims).toEqual([5, 4])
    expect(values.get('weights')).toEqual(tensorValue(model.graph.initializers.get('weights')!))
  })

  it('tells what a value would be had another been different: as a run of its own does', () => {
    const { model, names } = network()
    const before = interpret(model, { x })
    const other = drawTensor(seededRandom(3), 'float64', [2, 3])
    const expected = interpret(model, { x: other }).values.get('y')!
    expect(before.withChanged('x', tensorValue(other), 'y')).toEqual(expected)
    const h = interpret(model, { x: other }).values.get(names.h)!
    expect(before.withChanged(names.h, h, 'y')).toEqual(expected)
    expect(before.withChanged('y', expected, 'y')).toBe(expected)
    expect(before.values).toEqual(interpret(model, { x }).values)
  })

  it('runs nothing again that does not depend on the change, nor what comes after the wanted value', () => {
    const { model, names } = network()
    const before = interpret(model, { x })
    const weights = value('float', [3, 2])
    expect(before.withChanged('weights', weights, names.beside)).toBe(before.values.get(names.beside))
    const misfit = value('float', [7, 9])
    expect(() => before.withChanged('x', misfit, 'y')).toThrow('do not broadcast')
    expect(before.withChanged('x', misfit, names.beside).dims).toEqual([7, 9])
  })

  it('says what it does not find', () => {
    const { model } = network()
    expect(() => interpret(model, {})).toThrow('Unsqueeze "Unsqueeze_2" reads "x", which nothing gives')
    expect(() => interpret(model, { x }).withChanged('z', value('float', []), 'y')).toThrow('has no value "z"')
    expect(() => interpret(model, { x }).withChanged('x', value('float', []), 'z')).toThrow('has no value "z"')
    const lacking = oneNode('Add', [x])
    expect(() => interpret(lacking.model, lacking.inputs)).toThrow('Add "node" lacks its input 1')
  })

  it('refuses operators that it does not know, other domains among them', () => {
    const { model, inputs } = oneNode('Bernoulli', [x])
    expect(() => interpret(model, inputs)).toThrow('the interpreter does not know Bernoulli "node"')
    const abs = oneNode('Abs', [x]).model
    const foreign = {
      ...abs,
      graph: { ...abs.graph, nodes: abs.graph.nodes.map((node) => ({ ...node, domain: 'other' })) },
    }
    expect(() => interpret(foreign, inputs)).toThrow('does not know Abs "node"')
  })

  it('reads the operator set under either of its names', () => {
    const { model, inputs } = oneNode('Softmax', [tensorFrom('float64', [1, 2, 1], [1, 1])])
    const [older, newer] = [11, 13].map(
      (version) => interpret({ ...model, opsets: { 'ai.onnx': version } }, inputs).values,
    )
    expect([...older!.get('output_0')!.data]).toEqual([0.5, 0.5])
    expect([...newer!.get('output_0')!.data]).toEqual([1, 1])
  })

  it('refuses tensors of types without numbers in float64', () => {
    const { model } = oneNode('Abs', [x])
    expect(() => interpret(model, { input_0: tensor('string', [1], ['a']) })).toThrow('got string')
    expect(interpret(model, { input_0: vectorTensor([-2]) }).values.get('output_0')!.data[0]).toBe(2)
  })
})
