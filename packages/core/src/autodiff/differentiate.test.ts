import { afterAll, describe, expect, it } from 'vitest'
import { type GraphBuilder, graphBuilder, int, type Value } from '../onnx/index.ts'
import { nodeRuntime } from '../runtime/index.ts'
import { integerTensor, scalarTensor, tensor, vectorTensor } from '../tensor/index.ts'
import { differentiate, gradientName, gradients } from './differentiate.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const total = (graph: GraphBuilder, x: Value): Value => graph.node('ReduceSum', [x], { keepdims: int(0) })

/** A model of one scalar output `loss`. */
function lossOf(write: (graph: GraphBuilder) => Value) {
  const graph = graphBuilder('model')
  graph.output('loss', write(graph), 'float64', [])
  return graph.model()
}

describe('differentiate', () => {
  it('gives a model of the loss and the gradients, in the shapes of the parameters', async () => {
    const model = lossOf((graph) => {
      const x = graph.input('x', 'float64', ['N', 2])
      const w = graph.constant(tensor('float64', [2, 3], Float64Array.of(1, 2, 3, 4, 5, 6)), 'w')
      const b = graph.constant(vectorTensor([0, 1, 2]), 'b')
      const y = graph.node('Add', [graph.node('MatMul', [x, w]), b])
      return total(graph, graph.node('Mul', [y, y]))
    })
    const x = tensor('float64', [2, 2], Float64Array.of(1, 0, 0, -1))
    const compiled = await differentiate(runtime, model, { loss: 'loss', parameters: ['w', 'b', 'x'], inputs: { x } })
    expect(compiled.graph.outputs).toEqual([
      { name: 'loss', type: 'float64', dims: [] },
      { name: 'grad/w', type: 'float64', dims: [2, 3] },
      { name: 'grad/b', type: 'float64', dims: [3] },
      { name: 'grad/x', type: 'float64', dims: [2, 2] },
    ])
    // y = ((1, 3, 5), (−4, −4, −4)).
    const results = await runtime.run(compiled, { x })
    expect(Number(results.loss!.data[0])).toBe(1 + 9 + 25 + 3 * 16)
    expect(results[gradientName('w')]!.data).toEqual(Float64Array.of(2, 6, 10, 8, 8, 8))
    expect(results[gradientName('b')]!.data).toEqual(Float64Array.of(-6, -2, 2))
    expect(results[gradientName('x')]!.data).toEqual(Float64Array.of(44, 98, -48, -120))
  })

  it('keeps only what the loss and its gradients need', async () => {
    const model = lossOf((graph) => {
      const x = graph.input('x', 'float64', [2])
      graph.output('other', graph.node('Exp', [graph.input('y', 'float64', [2])]), 'float64', [2])
      graph.constant(vectorTensor([1, 2, 3]), 'unused')
      return total(graph, graph.node('Mul', [x, graph.constant(vectorTensor([3, 4]), 'w')]))
    })
    const inputs = { x: vectorTensor([1, 2]), y: vectorTensor([0, 0]) }
    const compiled = await differentiate(runtime, model, { loss: 'loss', parameters: ['w'], inputs })
    expect(compiled.graph.inputs).toEqual([{ name: 'x', type: 'float64', dims: [2] }])
    expect(compiled.graph.initializers.has('unused')).toBe(false)
    expect(compiled.graph.nodes.some(({ op }) => op === 'Exp')).toBe(false)
  })

  it('differentiates a value inside the graph, and leaves the model as it was', async () => {
    const graph = graphBuilder()
    const x = graph.input('x', 'float64', [2])
    const inner = total(graph, graph.node('Mul', [x, x]))
    graph.output('y', graph.node('Exp', [inner]), 'float64', [])
    const model = graph.model()
    const before = structuredClone(model.graph.nodes)
    const found = await gradients(runtime, model, {
      loss: inner,
      parameters: ['x'],
      inputs: { x: vectorTensor([3, 4]) },
    })
    expect(found.loss).toBe(25)
    expect(found.gradients.get('x')).toEqual(vectorTensor([6, 8]))
    expect(model.graph.nodes).toEqual(before)
  })

  it('takes a loss of one element in any shape, and one that is a parameter itself', async () => {
    for (const dims of [[], [1], [1, 1]]) {
      const graph = graphBuilder()
      const x = graph.input('x', 'float64', dims)
      graph.output('loss', graph.node('Mul', [x, x]), 'float64', dims)
      const inputs = { x: tensor('float64', dims, Float64Array.of(3)) }
      const found = await gradients(runtime, graph.model(), { loss: 'loss', parameters: ['x'], inputs })
      expect(found.gradients.get('x')).toEqual(tensor('float64', dims, Float64Array.of(6)))
    }
    const model = lossOf((graph) => graph.input('x', 'float64', []))
    const found = await gradients(runtime, model, { loss: 'x', parameters: ['x'], inputs: { x: scalarTensor(3) } })
    expect(found).toEqual({ loss: 3, gradients: new Map([['x', scalarTensor(1)]]) })
  })

  it('adds what reaches a value along several ways', async () => {
    const model = lossOf((graph) => {
      const x = graph.input('x', 'float64', [2])
      const square = graph.node('Mul', [x, x])
      const cube = graph.node('Mul', [square, x])
      return total(graph, graph.node('Sum', [cube, square, square, x]))
    })
    const inputs = { x: vectorTensor([2, -1]) }
    const { gradients: found } = await gradients(runtime, model, { loss: 'loss', parameters: ['x'], inputs })
    // 3x² + 4x + 1
    expect(found.get('x')).toEqual(vectorTensor([21, 0]))
  })

  it('passes what Constant nodes and arithmetic with shapes take part in', async () => {
    const model = lossOf((graph) => {
      const w = graph.constant(vectorTensor([1, 2, 3, 4]), 'w')
      const factor = graph.node('Constant', [], { value: { type: 'tensor', value: scalarTensor(0.5) } })
      const size = graph.node('Cast', [graph.node('Size', [w])], { to: int(11) })
      const scaled = graph.node('Div', [graph.node('Mul', [w, graph.node('Exp', [factor])]), size])
      const shape = graph.node('Concat', [graph.constant(integerTensor([2])), graph.constant(integerTensor([-1]))], {
        axis: int(0),
      })
      return total(graph, graph.node('Reshape', [scaled, shape]))
    })
    const { gradients: found } = await gradients(runtime, model, { loss: 'loss', parameters: ['w'], inputs: {} })
    for (const each of found.get('w')!.data as Float64Array) expect(each).toBeCloseTo(Math.exp(0.5) / 4, 12)
  })

  it('gives zeros by what the loss does not depend on, or only through whole numbers', async () => {
    const model = lossOf((graph) => {
      const x = graph.input('x', 'float64', [2])
      const rounded = graph.constant(vectorTensor([0.4, 1.6]), 'rounded')
      const places = graph.node('Cast', [graph.constant(vectorTensor([1]), 'cast')], { to: int(7) })
      graph.constant(tensor('float32', [2, 1], Float32Array.of(1, 2)), 'apart')
      const chosen = graph.node('Gather', [x, places])
      return total(graph, graph.node('Add', [chosen, graph.node('Round', [rounded])]))
    })
    const inputs = { x: vectorTensor([5, 6]) }
    const parameters = ['x', 'rounded', 'cast', 'apart']
    const found = await gradients(runtime, model, { loss: 'loss', parameters, inputs })
    expect(found.loss).toBe(14)
    expect(found.gradients.get('x')).toEqual(vectorTensor([0, 2]))
    expect(found.gradients.get('rounded')).toEqual(vectorTensor([0, 0]))
    expect(found.gradients.get('cast')).toEqual(vectorTensor([0]))
    expect(found.gradients.get('apart')).toEqual(tensor('float32', [2, 1], new Float32Array(2)))
  })

  it('keeps what only a subgraph reads, folded or stored', async () => {
    const model = lossOf((graph) => {
      const low = graph.node('Neg', [graph.constant(vectorTensor([1, 2]), 'high')])
      const branch = (name: string) => ({
        type: 'graph' as const,
        value: {
          name,
          nodes: [{ op: 'Abs', domain: '', name: '', inputs: [name], outputs: [`abs_${name}`], attributes: {} }],
          inputs: [],
          outputs: [{ name: `abs_${name}`, type: 'float64' as const, dims: [2] }],
          initializers: new Map(),
          values: [],
        },
      })
      const branches = { then_branch: branch(low), else_branch: branch('stored') }
      graph.constant(vectorTensor([7, 8]), 'stored')
      const chosen = graph.node('If', [graph.input('condition', 'bool', [])], branches)
      return total(graph, graph.node('Mul', [chosen, graph.constant(vectorTensor([3, 4]), 'w')]))
    })
    for (const [condition, expected] of [
      [1, [1, 2]],
      [0, [7, 8]],
    ] as const) {
      const inputs = { condition: tensor('bool', [], Uint8Array.of(condition)) }
      const found = await gradients(runtime, model, { loss: 'loss', parameters: ['w'], inputs })
      expect(found.gradients.get('w')).toEqual(vectorTensor(expected))
    }
  })

  it('takes a loss that never changes', async () => {
    const model = lossOf((graph) => total(graph, graph.constant(vectorTensor([1, 2]), 'w')))
    const found = await gradients(runtime, model, { loss: 'loss', parameters: [], inputs: {} })
    expect(found.loss).toBe(3)
  })

  it('takes names that its own would collide with', async () => {
    const model = lossOf((graph) => {
      const x = graph.input('Mul.0', 'float64', [2])
      return total(graph, graph.node('Mul', [x, graph.constant(vectorTensor([3, 4]), 'constant.0')]))
    })
    const request = { loss: 'loss', parameters: ['Mul.0', 'constant.0'], inputs: { 'Mul.0': vectorTensor([1, 2]) } }
    const { gradients: found } = await gradients(runtime, model, request)
    expect(found.get('Mul.0')).toEqual(vectorTensor([3, 4]))
    expect(found.get('constant.0')).toEqual(vectorTensor([1, 2]))
  })
})
