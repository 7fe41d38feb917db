import { afterAll, describe, expect, it } from 'vitest'
import { type GraphBuilder, graphBuilder, int, type Value } from '../onnx/index.ts'
import { nodeRuntime } from '../runtime/index.ts'
import { scalarTensor, vectorTensor } from '../tensor/index.ts'
import { differentiate, gradientName, gradients } from './differentiate.ts'
import { lowered, reverseGradient, stopGradient } from './markers.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

/** `loss = Σ (x w + mark(x w))²` with `x = (1, 2)` and `w = (3, −1)`. */
function squares(mark: (graph: GraphBuilder, y: Value) => Value) {
  const graph = graphBuilder()
  const x = graph.input('x', 'float64', [2])
  const y = graph.node('Mul', [x, graph.constant(vectorTensor([3, -1]), 'w')])
  const sum = graph.node('Add', [y, mark(graph, y)])
  graph.output('loss', graph.node('ReduceSum', [graph.node('Mul', [sum, sum])], { keepdims: int(0) }), 'float64', [])
  return graph.model()
}

const x = vectorTensor([1, 2])
/** `Σ (2 x w)²` and `∂/∂w` through one of the two summands: `2 · 2 x w · x`. */
const loss = 4 * (9 + 4)
const half = [12, -16]

async function lossAndGradient(mark: (graph: GraphBuilder, y: Value) => Value, factor?: number) {
  const inputs = factor === undefined ? { x } : { x, factor: scalarTensor(factor) }
  const found = await gradients(runtime, squares(mark), { loss: 'loss', parameters: ['w'], inputs })
  return { loss: found.loss, gradient: Array.from(found.gradients.get('w')!.data, Number) }
}

describe('stopGradient', () => {
  it('is the identity, and lets no gradient pass', async () => {
    expect(await lossAndGradient((_, y) => y)).toEqual({ loss, gradient: half.map((each) => 2 * each) })
    expect(await lossAndGradient(stopGradient)).toEqual({ loss, gradient: half })
  })

  it('gives zeros where no other way leads to the loss', async () => {
    const graph = graphBuilder()
    const w = graph.constant(vectorTensor([3, -1]), 'w')
    graph.output('loss', graph.node('ReduceSum', [stopGradient(graph, w)], { keepdims: int(0) }), 'float64', [])
    const found = await gradients(runtime, graph.model(), { loss: 'loss', parameters: ['w'], inputs: {} })
    expect(found.loss).toBe(2)
    expect(found.gradients.get('w')).toEqual(vectorTensor([0, 0]))
  })
})

describe('reverseGradient', () => {
  it('is the identity, and multiplies the gradient by minus a constant', async () => {
    const mark = (graph: GraphBuilder, y: Value) => reverseGradient(graph, y, graph.constant(scalarTensor(0.25)))
    expect(await lossAndGradient(mark)).toEqual({ loss, gradient: half.map((each) => (1 - 0.25) * each) })
  })

  it('takes its factor as an input of the graph, another in each step', async () => {
    const mark = (graph: GraphBuilder, y: Value) => reverseGradient(graph, y, graph.input('factor', 'float64', []))
    const model = squares(mark)
    const request = { loss: 'loss', parameters: ['w'], inputs: { x, factor: scalarTensor(1) } }
    const compiled = await differentiate(runtime, model, request)
    for (const factor of [0, 0.5, 2]) {
      const results = await runtime.run(compiled, { x, factor: scalarTensor(factor) })
      expect(results.loss!.data[0]).toBe(loss)
      expect(Array.from(results[gradientName('w')]!.data, Number)).toEqual(half.map((each) => (1 - factor) * each))
    }
  })

  it('reverses the gradient by all that comes before, and of nothing that comes after', async () => {
    const graph = graphBuilder()
    const before = graph.constant(vectorTensor([3, -1]), 'before')
    const after = graph.constant(vectorTensor([2, 5]), 'after')
    const reversed = reverseGradient(graph, graph.node('Neg', [before]), graph.constant(scalarTensor(1)))
    graph.output(
      'loss',
      graph.node('ReduceSum', [graph.node('Mul', [reversed, after])], { keepdims: int(0) }),
      'float64',
      [],
    )
    const request = { loss: 'loss', parameters: ['before', 'after'], inputs: {} }
    const found = await gradients(runtime, graph.model(), request)
    expect(found.gradients.get('before')).toEqual(vectorTensor([2, 5]))
    expect(found.gradients.get('after')).toEqual(vectorTensor([-3, 1]))
  })

  it('has no gradient by its factor', async () => {
    const mark = (graph: GraphBuilder, y: Value) => reverseGradient(graph, y, graph.input('factor', 'float64', []))
    const inputs = { x, factor: scalarTensor(1) }
    const found = await gradients(runtime, squares(mark), { loss: 'loss', parameters: ['factor'], inputs })
    expect(found.gradients.get('factor')).toEqual(scalarTensor(0))
  })
})

describe('lowered', () => {
  it('makes markers identities, which ONNX Runtime knows, and leaves other nodes alone', async () => {
    const mark = (graph: GraphBuilder, y: Value) =>
      stopGradient(graph, reverseGradient(graph, y, graph.input('factor', 'float64', [])))
    const { nodes } = squares(mark).graph
    expect(nodes.filter(({ domain }) => domain !== '')).toHaveLength(2)
    const plain = nodes.map(lowered)
    expect(plain.every(({ domain, inputs, op }) => domain === '' && (op !== 'Identity' || inputs.length === 1))).toBe(
      true,
    )
    expect(plain[0]).toBe(nodes[0])
    const request = { loss: 'loss', parameters: ['w'], inputs: { x, factor: scalarTensor(1) } }
    const compiled = await differentiate(runtime, squares(mark), request)
    expect(compiled.graph.nodes.every(({ domain }) => domain === '')).toBe(true)
  })
})
