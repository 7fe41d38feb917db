import { afterAll, describe, expect, it } from 'vitest'
import { normalTensor, operators, runUpgraded } from '../../../test/upgrading.ts'
import { InvalidInputError } from '../../errors.ts'
import { nodeRuntime } from '../../runtime/index.ts'
import { seededRandom, type Tensor } from '../../tensor/index.ts'
import { oneNode } from '../../testing/against-runtime.ts'
import { float, int, ints } from '../builder.ts'
import type { Graph, Model, Node } from '../model.ts'
import { ownNode } from './nodes.ts'
import { upgradeModel } from './upgrade-model.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

const x = normalTensor(seededRandom(1), [2, 3])
const { model: mean, inputs } = oneNode('ReduceMean', [x], { axes: ints([1]) }, { opset: 13 })
const withNodes = (nodes: readonly Node[], outputs = ['y'], opset = 11): Model => ({
  ...mean,
  opsets: { '': opset },
  graph: { ...mean.graph, nodes, outputs: outputs.map((name) => ({ name })) },
})

describe('upgradeModel', () => {
  it('returns models of 18 and later as they are, and those without operators of ONNX’s own', () => {
    for (const opset of [18, 21]) {
      const model = { ...mean, opsets: { '': opset } }
      expect(upgradeModel(model)).toBe(model)
    }
    const nodes = [{ ...ownNode('Scaler', ['input_0'], ['y']), domain: 'ai.onnx.ml' }]
    const foreign = { ...withNodes(nodes), opsets: { 'ai.onnx.ml': 3 } }
    expect(upgradeModel(foreign)).toBe(foreign)
  })

  it('says what it cannot upgrade, and why', () => {
    const refused = (opsets: Record<string, number>) => () => upgradeModel({ ...mean, opsets })
    expect(refused({ '': 6 })).toThrow(InvalidInputError)
    expect(refused({ '': 6 })).toThrow('opset 6 and 7 is the oldest')
    expect(refused({})).toThrow('does not say which opset')
    expect(() => upgradeModel(mean, 21)).toThrow('opset 15 to 18, got 21')
  })

  it('sets the opset and an IR version that has it, and keeps the rest', () => {
    const upgraded = upgradeModel({ ...mean, irVersion: 3, opsets: { '': 13, 'com.example': 2 }, metadata: { a: 'b' } })
    expect(upgraded).toMatchObject({ irVersion: 8, opsets: { '': 18, 'com.example': 2 }, metadata: { a: 'b' } })
    expect(upgradeModel({ ...mean, irVersion: 10 }).irVersion).toBe(10)
  })

  it('takes ai.onnx for ONNX’s own', async () => {
    const nodes = mean.graph.nodes.map((node) => ({ ...node, domain: 'ai.onnx' }))
    const named = { ...mean, opsets: { 'ai.onnx': 13 }, graph: { ...mean.graph, nodes } }
    const { upgraded, difference } = await runUpgraded(runtime, { model: named, inputs })
    expect(upgraded.opsets).toEqual({ '': 18 })
    expect(upgraded.graph.nodes[0]!.inputs).toHaveLength(2)
    expect(difference).toBe(0)
  })

  it('leaves operators of other domains alone', () => {
    const node = { ...ownNode('ReduceMean', ['input_0'], ['y'], { axes: ints([1]) }), domain: 'com.example' }
    expect(upgradeModel(withNodes([node])).graph.nodes).toEqual([node])
  })

  it('changes neither the model nor what it does not have to', () => {
    const nodes = [ownNode('Relu', ['input_0'], ['positive']), ...mean.graph.nodes]
    const model = withNodes(nodes, ['output_0'], 13)
    const before = structuredClone(model)
    const { graph } = upgradeModel(model)
    expect(model).toEqual(before)
    expect(graph.nodes[0]).toBe(nodes[0])
  })

  it('stops at a lower opset where that is asked for', async () => {
    const nodes = [
      ownNode('ReduceMean', ['input_0'], ['mean'], { axes: ints([1]) }),
      ownNode('Clip', ['mean'], ['y'], { min: float(0) }),
    ]
    const { upgraded, difference } = await runUpgraded(runtime, { model: withNodes(nodes, ['y'], 10), inputs }, 15)
    expect(upgraded.opsets).toEqual({ '': 15 })
    expect(upgraded.graph.nodes[0]).toBe(nodes[0])
    expect(upgraded.graph.nodes[1]!.inputs).toHaveLength(2)
    expect(difference).toBe(0)
    expect(upgradeModel(upgraded, 15)).toBe(upgraded)
  })

  it('gives new values names that none has, in no graph', async () => {
    const stored: Tensor = { type: 'float32', dims: [], data: Float32Array.of(2) }
    const nodes = [
      ownNode('Mul', ['input_0', 'y_axes'], ['y_axes_1']),
      ownNode('ReduceMean', ['y_axes_1'], ['y'], { axes: ints([0]) }),
    ]
    const model = withNodes(nodes)
    const graph = { ...model.graph, initializers: new Map([['y_axes', stored]]) }
    const { upgraded, difference } = await runUpgraded(runtime, { model: { ...model, graph }, inputs })
    expect([...upgraded.graph.initializers.keys()]).toEqual(['y_axes', 'y_axes_2'])
    expect(difference).toBe(0)
  })

  it('keeps initialisers that are inputs too, and lets a caller replace them', async () => {
    const scale = normalTensor(seededRandom(2), [3])
    const model = withNodes([
      ownNode('Mul', ['input_0', 'scale'], ['scaled']),
      ownNode('ReduceMax', ['scaled'], ['y'], { axes: ints([1]) }),
    ])
    const graph = {
      ...model.graph,
      inputs: [...model.graph.inputs, { name: 'scale', type: 'float32' as const, dims: [3] }],
      initializers: new Map([['scale', scale]]),
    }
    const { upgraded, difference } = await runUpgraded(runtime, { model: { ...model, irVersion: 3, graph }, inputs })
    expect(upgraded.graph.inputs).toBe(graph.inputs)
    expect(difference).toBe(0)
  })

  it('finds the rank through the graph, so that a softmax stays one node', async () => {
    const nodes = [
      ownNode('Transpose', ['input_0'], ['turned']),
      ownNode('Add', ['turned', 'turned'], ['twice']),
      ownNode('Softmax', ['twice'], ['y'], { axis: int(1) }),
    ]
    const { upgraded, difference } = await runUpgraded(runtime, { model: withNodes(nodes), inputs })
    expect(operators(upgraded)).toEqual(['Transpose', 'Add', 'Softmax'])
    expect(difference).toBeLessThan(1e-6)
  })
})

describe('graphs inside nodes', () => {
  const inside = (nodes: readonly Node[], names: readonly Graph['inputs'][], outputs: Graph['outputs']): Graph => ({
    name: 'inside',
    nodes,
    inputs: names.flat(),
    outputs,
    initializers: new Map(),
    values: [],
  })
  const truth: Tensor = { type: 'bool', dims: [], data: Uint8Array.of(1) }

  it('are upgraded in both branches of If, seeing the values around them', async () => {
    const branch = (op: string) =>
      ({
        type: 'graph',
        value: inside([ownNode(op, ['input_0'], [op], { axes: ints([0]) })], [], [{ name: op, type: 'float32' }]),
      }) as const
    const branches = { then_branch: branch('ReduceSum'), else_branch: branch('ReduceMax') }
    for (const chosen of [0, 1]) {
      const model = withNodes([ownNode('If', ['condition'], ['y'], branches)], ['y'], 11)
      const condition = { ...truth, data: Uint8Array.of(chosen) } as Tensor
      const graph = { ...model.graph, initializers: new Map([['condition', condition]]) }
      const { upgraded, difference } = await runUpgraded(runtime, { model: { ...model, graph }, inputs })
      expect(difference).toBe(0)
      const { then_branch: then, else_branch: otherwise } = upgraded.graph.nodes[0]!.attributes
      expect([then, otherwise].map((each) => each?.type === 'graph' && [...each.value.initializers.keys()])).toEqual([
        ['ReduceSum_axes'],
        ['ReduceMax_axes'],
      ])
    }
  })

  it('keep their names to themselves', async () => {
    const branch = (op: string) =>
      ({
        type: 'graph',
        value: inside([ownNode(op, ['m'], ['m_axes'])], [], [{ name: 'm_axes', type: 'float32' }]),
      }) as const
    const nodes = [
      ownNode('ReduceMean', ['input_0'], ['m'], { axes: ints([1]) }),
      ownNode('If', ['condition'], ['y'], { then_branch: branch('Neg'), else_branch: branch('Abs') }),
    ]
    const model = withNodes(nodes)
    const graph = { ...model.graph, initializers: new Map([['condition', truth]]) }
    const { upgraded, difference } = await runUpgraded(runtime, { model: { ...model, graph }, inputs })
    expect(upgraded.graph.nodes[0]!.inputs).toEqual(['input_0', 'm_axes_1'])
    expect(difference).toBe(0)
  })

  it('are upgraded in Loop, and nodes after it know the types that it gives', async () => {
    const scalars = [
      { name: 'i', type: 'int64' as const, dims: [] },
      { name: 'before', type: 'bool' as const, dims: [] },
    ]
    const state = [{ name: 'state', type: 'float32' as const, dims: [2, 3] }]
    const body = inside(
      [
        ownNode('Identity', ['before'], ['after']),
        ownNode('Softmax', ['state'], ['next'], { axis: int(0) }),
        ownNode('Slice', ['next'], ['row'], { starts: ints([0]), ends: ints([1]), axes: ints([0]) }),
      ],
      [scalars, state],
      [{ name: 'after', type: 'bool' }, ...['next', 'row'].map((name) => ({ name, type: 'float32' as const }))],
    )
    const nodes = [
      ownNode('Loop', ['count', '', 'input_0'], ['last', 'rows'], { body: { type: 'graph', value: body } }),
      ownNode('Clip', ['rows'], ['clipped'], { max: float(0.2) }),
      ownNode('Pad', ['last'], ['padded'], { pads: ints([0, 0, 1, 1]), value: float(7) }),
    ]
    const model = withNodes(nodes, ['clipped', 'padded'], 9)
    const count: Tensor = { type: 'int64', dims: [], data: BigInt64Array.of(3n) }
    const graph = { ...model.graph, initializers: new Map([['count', count]]) }
    const { upgraded, difference } = await runUpgraded(runtime, { model: { ...model, graph }, inputs })
    expect(operators(upgraded)).toEqual(['Loop', 'Clip', 'Pad'])
    expect(upgraded.graph.nodes[0]!.inputs[1]).toBe('')
    expect(difference).toBeLessThan(1e-6)
  })
})
