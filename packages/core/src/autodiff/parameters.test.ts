import { describe, expect, it } from 'vitest'
import { graphBuilder, int, type Model, readModel, writeModel } from '../onnx/index.ts'
import { nodeRuntime } from '../runtime/index.ts'
import { type Tensor, tensor } from '../tensor/index.ts'
import { gradients } from './differentiate.ts'
import { operatorTable } from './operator-table.ts'
import { parametersOf } from './parameters.ts'
import { nodesWithoutRule, positionsOf } from './reach.ts'
import { exposeParameters, storedParameters, withParameters } from './stored-parameters.ts'

const floats = (dims: readonly number[], ...data: number[]): Tensor => tensor('float32', dims, Float32Array.from(data))

/** `y = Sum(x ⊙ w) …` with one of everything that a model stores. */
function everything(): Model {
  const graph = graphBuilder('everything')
  const x = graph.input('x', 'float32', ['N', 2])
  const w = graph.constant(floats([2, 2], 1, 2, 3, 4), 'w')
  const mean = graph.constant(floats([2], 0, 0), 'mean')
  const variance = graph.constant(floats([2], 1, 1), 'variance')
  const scale = graph.constant(floats([2], 1, 1), 'scale')
  const shift = graph.constant(floats([2], 0.5, -0.5), 'shift')
  const low = graph.constant(floats([], -9), 'low')
  const half = graph.constant(floats([], 0.5), 'half')
  const mask = graph.constant(floats([2], 0, Number.NEGATIVE_INFINITY), 'mask')
  const rows = graph.constant(tensor('int64', [1], BigInt64Array.of(0n)), 'rows')
  const causal = graph.constant(floats([2], 0, -1e9), 'causal')
  const unused = graph.constant(floats([1], 7), 'unused')
  const copy = graph.node('Identity', [scale])
  const stored = graph.node('Constant', [], { value: { type: 'tensor', value: floats([2], 3, 5) } })
  const fill = graph.node('Constant', [], { value: { type: 'tensor', value: floats([2], 1, 1) } })
  const product = graph.node('MatMul', [x, w])
  const normal = graph.node('BatchNormalization', [product, scale, shift, mean, variance])
  const clipped = graph.node('Clip', [normal, low])
  const scaled = graph.node('Mul', [graph.node('Mul', [graph.node('Mul', [clipped, copy]), stored]), fill])
  const chosen = graph.node('Where', [
    graph.node('Less', [mask, shift]),
    graph.node('Add', [graph.node('Add', [scaled, mask]), causal]),
    scaled,
  ])
  graph.output('y', graph.node('Mul', [graph.node('Add', [chosen, chosen]), half]), 'float32', ['N', 2])
  graph.output('z', graph.node('Gather', [unused, rows], { axis: int(0) }), 'float32', [1])
  return readModel(writeModel(graph.model()))
}

describe('the parameters of a model', () => {
  const model = everything()
  const [copy, stored] = ['Identity', 'Constant'].map(
    (op) => model.graph.nodes.find((node) => node.op === op)!.outputs[0]!,
  ) as [string, string]

  it('are what a gradient reaches, not statistics, bounds, scalars, masks, fills or whole numbers', () => {
    expect(parametersOf(model, ['y']).sort()).toEqual(['scale', 'shift', stored, 'w', copy].sort())
    expect(parametersOf(model)).toContain('unused')
  })

  it('become initialisers of their own names, with the same results', async () => {
    const runtime = await nodeRuntime()
    const exposed = exposeParameters(model)
    for (const name of parametersOf(model)) expect(exposed.graph.initializers.has(name), name).toBe(true)
    expect(parametersOf(exposed).sort()).toEqual(parametersOf(model).sort())
    const inputs = { x: floats([3, 2], 1, -1, 2, 0.5, -3, 4) }
    expect((await runtime.run(exposed, inputs)).y).toEqual((await runtime.run(model, inputs)).y)
    await runtime.release()
  })

  it('have gradients apart where the file stores equal ones once', async () => {
    const graph = graphBuilder()
    const a = graph.constant(floats([2], 1, 1), 'a')
    const x = graph.input('x', 'float32', [2])
    const y = graph.node('Mul', [graph.node('Add', [x, a]), graph.node('Identity', [a])])
    graph.output('loss', graph.node('ReduceSum', [y], { keepdims: int(0) }), 'float32', [])
    const built = graph.model()
    const b = built.graph.nodes.find(({ op }) => op === 'Identity')!.outputs[0]!
    const runtime = await nodeRuntime()
    const found = await gradients(runtime, exposeParameters(built), {
      loss: 'loss',
      parameters: parametersOf(built),
      inputs: { x: floats([2], 3, 4) },
    }).catch((error: Error) => error)
    await runtime.release()
    if (found instanceof Error) throw found
    expect(found.gradients.get('a')!.data).toEqual(Float32Array.of(1, 1))
    expect(found.gradients.get(b)!.data).toEqual(Float32Array.of(4, 5))
  })

  it('leave out defaults that a caller may replace, as files of old list every weight among the inputs', () => {
    const old: Model = {
      ...model,
      graph: { ...model.graph, inputs: [...model.graph.inputs, { name: 'w', type: 'float32', dims: [2, 2] }] },
    }
    expect(exposeParameters(old).graph.inputs.map(({ name }) => name)).toEqual(['x'])
    expect(parametersOf(old)).toContain('w')
  })

  it('are written back wherever they were, and nothing else changes', () => {
    const values = {
      w: floats([2, 2], 9, 8, 7, 6),
      mean: floats([2], 1, 2),
      [stored]: floats([2], 6, 6.5),
      [copy]: floats([2], 4, 4.5),
    }
    const changed = readModel(writeModel(withParameters(model, values)))
    for (const [name, value] of Object.entries(values)) {
      expect(new Map([...changed.graph.initializers, ...storedParameters(changed.graph)]).get(name)).toEqual(value)
    }
    expect(changed.graph.nodes.filter(({ op }) => op !== 'Constant')).toEqual(
      model.graph.nodes.filter(({ op, outputs }) => op !== 'Constant' && outputs[0] !== copy),
    )
    expect(changed.graph.nodes.find(({ outputs }) => outputs[0] === stored)?.op).toBe('Constant')
    for (const [name, value] of model.graph.initializers) {
      if (!(name in values)) expect(changed.graph.initializers.get(name)).toEqual(value)
    }
    const same = withParameters(model, Object.fromEntries(storedParameters(model.graph)))
    expect(parametersOf(same).sort()).toEqual(parametersOf(model).sort())
    expect(writeModel(withParameters(model, {}))).toEqual(writeModel(model))
  })

  it('are refused under other names, types and shapes', () => {
    expect(() => withParameters(model, { v: floats([1], 1) })).toThrow('the model stores no tensor "v"')
    expect(() => withParameters(model, { w: floats([4], 1, 2, 3, 4) })).toThrow(
      'the parameter "w" is float32 [2, 2], got float32 [4]',
    )
  })
})

describe('nodes without a rule', () => {
  it('are named where a gradient has to pass them, and nowhere else', () => {
    const graph = graphBuilder()
    const x = graph.input('x', 'float32', [4, 4])
    const w = graph.constant(floats([4, 1], 1, 2, 3, 4), 'w')
    const before = graph.node('Det', [x])
    const product = graph.node('MatMul', [x, w])
    const between = graph.node('Trick', [product], {}, 'com.example')
    const aside = graph.node('Det', [graph.node('Cast', [product], { to: int(7) })])
    graph.output('y', graph.node('Concat', [between, before, aside], { axis: int(0) }), 'float32', [4, 1])
    const after = graph.node('Det', [graph.node('MatMul', [product, w])])
    graph.output('z', after, 'float32', [])
    const model = graph.model()
    const trick = { operator: 'com.example.Trick', node: between }
    expect(nodesWithoutRule(model, ['w'], ['y'])).toEqual([trick])
    expect(nodesWithoutRule(model, ['w'])).toEqual([trick, { operator: 'Det', node: after }])
    expect(nodesWithoutRule(model, ['x'], ['y'])).toEqual([{ operator: 'Det', node: before }, trick])
    expect(nodesWithoutRule(model, [], ['y'])).toEqual([])
  })
})

describe('the inputs that a gradient passes to', () => {
  it('have positions, for every rule', () => {
    for (const { operator, through } of operatorTable) {
      const positions = positionsOf(operator, through, 3)
      expect(Math.min(0, ...positions), operator).toBe(0)
      expect(new Set(positions).size, operator).toBe(positions.length)
    }
    expect(positionsOf('Where', ['X', 'Y'], 3)).toEqual([1, 2])
    expect(positionsOf('Concat', ['inputs'], 3)).toEqual([0, 1, 2])
    expect(positionsOf('BatchNormalization', ['X', 'scale', 'B'], 5)).toEqual([0, 1, 2])
  })
})
