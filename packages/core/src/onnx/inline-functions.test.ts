import { afterAll, describe, expect, it } from 'vitest'
import { nodeRuntime } from '../runtime/index.ts'
import { scalarOf } from '../tensor/index.ts'
import { randomTensor } from '../testing/random-tensor.ts'
import { text } from './builder.ts'
import { inlineFunctions } from './inline-functions.ts'
import type { Message } from './message.ts'
import type { Attribute, Graph, Model, Node } from './model.ts'
import { readModel } from './read.ts'
import { upgradeModel } from './upgrade/index.ts'
import { writeModel } from './write.ts'

const runtime = await nodeRuntime()
afterAll(() => runtime.release())

const OWN = 'own'

function node(op: string, inputs: string[], outputs: string[], more: Partial<Node> = {}): Node {
  return { op, domain: '', name: '', inputs, outputs, attributes: {}, ...more }
}

/** A node as a file holds it. */
const inFile = (
  opType: string,
  input: string[],
  output: string[],
  attribute: Message[] = [],
  domain = '',
): Message => ({
  opType,
  input,
  output,
  attribute,
  domain,
})

function functionOf(name: string, input: string[], output: string[], nodes: Message[], more: Message = {}): Message {
  const opsetImport = [
    { domain: '', version: 18n },
    { domain: OWN, version: 1n },
  ]
  return { name, domain: OWN, input, output, node: nodes, opsetImport, ...more }
}

const graph = (nodes: Node[], outputs: string[]): Graph => ({
  name: 'test',
  nodes,
  inputs: [{ name: 'x', type: 'float32', dims: ['n', 3] }],
  outputs: outputs.map((name) => ({ name, type: 'float32' })),
  initializers: new Map(),
  values: [],
})

/** The model as it comes out of a file. */
function modelOf(nodes: Node[], outputs: string[], functions: Message[], opset = 18): Model {
  return readModel(
    writeModel({
      irVersion: 10,
      opsets: { '': opset, [OWN]: 1 },
      producer: { name: 'test', version: '' },
      metadata: {},
      graph: graph(nodes, outputs),
      rest: { functions },
    }),
  )
}

/** That ONNX Runtime computes the same with the functions and without; gives the model without. */
async function expectSame(model: Model): Promise<Model> {
  const inlined = inlineFunctions(model)
  const inputs = { x: randomTensor([4, 3], 1) }
  const [before, after] = [await runtime.run(model, inputs), await runtime.run(inlined, inputs)]
  expect(Object.keys(after)).toEqual(model.graph.outputs.map(({ name }) => name))
  expect(after).toEqual(before)
  expect(inlined.rest?.functions).toBeUndefined()
  expect(inlined.opsets).toEqual({ '': 18 })
  expect(inlined.graph.nodes.every(({ domain }) => domain === '')).toBe(true)
  return inlined
}

const leaky = functionOf(
  'Leaky',
  ['value', 'offset'],
  ['result'],
  [
    inFile('LeakyRelu', ['value'], ['inner'], [{ name: 'alpha', type: 1, reference: 'slope' }]),
    inFile('Sum', ['inner', 'value'], ['result']),
  ],
  { attribute: ['slope'] },
)

const slope = (value: number): { attributes: Record<string, Attribute> } => ({
  attributes: { slope: { type: 'float', value } },
})

describe('inlineFunctions', () => {
  it('returns a model without functions as it is', () => {
    const model = modelOf([node('Relu', ['x'], ['y'])], ['y'], [])
    expect(inlineFunctions(model)).toBe(model)
  })

  it('replaces calls, each with names and attributes of its own', async () => {
    const nodes = [
      node('Leaky', ['x'], ['result'], { domain: OWN, ...slope(0.5) }),
      node('Leaky', ['result'], ['inner'], { domain: OWN, ...slope(0.1) }),
      node('Leaky', ['inner'], ['y'], { domain: OWN }),
    ]
    const { graph: inlined } = await expectSame(modelOf(nodes, ['y', 'inner'], [leaky]))
    const alphas = inlined.nodes.filter(({ op }) => op === 'LeakyRelu').map(({ attributes }) => attributes.alpha)
    expect(alphas).toEqual([{ type: 'float', value: 0.5 }, { type: 'float', value: Math.fround(0.1) }, undefined])
    const names = inlined.nodes.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
  })

  it('replaces calls inside functions, and leaves out what a call does not ask for', async () => {
    const twice = functionOf(
      'Twice',
      ['a'],
      ['b', 'c'],
      [
        inFile('Leaky', ['a'], ['inner'], [{ name: 'slope', type: 1, f: 0.25 }], OWN),
        inFile('Leaky', ['inner'], ['b'], [{ name: 'slope', type: 1, reference: 'second' }], OWN),
        inFile('Neg', ['b'], ['c']),
      ],
      { attributeProto: [{ name: 'second', type: 1, f: 0.75 }] },
    )
    const nodes = [
      node('Twice', ['x'], ['y', ''], { domain: OWN, name: 'first' }),
      node('Twice', ['y'], ['', 'z'], { domain: OWN, attributes: { second: { type: 'float', value: 3 } } }),
    ]
    await expectSame(modelOf(nodes, ['y', 'z'], [leaky, twice]))
  })

  it('copies what a function hands through', () => {
    const both = functionOf('Both', ['a'], ['b', 'a'], [inFile('Neg', ['a'], ['b'])])
    const { graph: inlined } = inlineFunctions(
      modelOf([node('Both', ['x'], ['y', 'z'], { domain: OWN })], ['y'], [both]),
    )
    expect(inlined.nodes.map(({ op, inputs, outputs }) => [op, inputs, outputs])).toEqual([
      ['Neg', ['x'], ['y']],
      ['Identity', ['x'], ['z']],
    ])
  })

  it('keeps apart what functions, their branches and the graph call by one name', async () => {
    const branch = (op: string): Message => ({
      name: op,
      node: [inFile(op, ['value'], ['x']), inFile('Leaky', ['x'], ['y'], [{ name: 'slope', type: 1, f: 0.5 }], OWN)],
      output: [{ name: 'y' }],
    })
    const choose = functionOf(
      'Choose',
      ['value'],
      ['result'],
      [
        inFile('ReduceSum', ['value'], ['sum'], [{ name: 'keepdims', type: 2, i: 0n }]),
        inFile('Constant', [], ['zero'], [{ name: 'value_float', type: 1, f: 0 }]),
        inFile('Greater', ['sum', 'zero'], ['condition']),
        inFile(
          'If',
          ['condition'],
          ['result'],
          [
            { name: 'then_branch', type: 5, g: branch('Exp') },
            { name: 'else_branch', type: 5, g: branch('Abs') },
          ],
        ),
      ],
    )
    const nodes = [
      node('Choose', ['x'], ['first'], { domain: OWN }),
      node('Neg', ['first'], ['sum']),
      node('Choose', ['sum'], ['y'], { domain: OWN }),
    ]
    await expectSame(modelOf(nodes, ['first', 'y'], [leaky, choose]))
  })

  it('replaces calls inside branches of the graph', async () => {
    const branch = (value: number): Graph => ({
      ...graph([node('Leaky', ['x'], ['inner'], { domain: OWN, ...slope(value) })], ['inner']),
      inputs: [],
    })
    const attributes: Record<string, Attribute> = {
      then_branch: { type: 'graph', value: branch(0.5) },
      else_branch: { type: 'graph', value: branch(2) },
    }
    const model = modelOf([node('If', ['condition'], ['y'], { attributes })], ['y'], [leaky])
    const initializers = new Map([['condition', scalarOf(1, 'bool')]])
    await expectSame({ ...model, graph: { ...model.graph, initializers } })
  })

  it('tells functions of one name apart by their overload', async () => {
    const second = functionOf('Leaky', ['a'], ['b'], [inFile('Neg', ['a'], ['b'])], { overload: 'negative' })
    const nodes = [
      node('Leaky', ['x'], ['y'], { domain: OWN, rest: { overload: 'negative' } }),
      node('Leaky', ['x'], ['z'], { domain: OWN }),
    ]
    const inlined = inlineFunctions(modelOf(nodes, ['y', 'z'], [leaky, second]))
    expect(inlined.graph.nodes.map(({ op }) => op)).toEqual(['Neg', 'LeakyRelu', 'Sum'])
  })

  it('names a function that calls itself, and one of another operator set', () => {
    const call = [node('Again', ['x'], ['y'], { domain: OWN, attributes: { hint: text('none') } })]
    const again = functionOf('Again', ['a'], ['b'], [inFile('Again', ['a'], ['b'], [], OWN)])
    expect(() => inlineFunctions(modelOf(call, ['y'], [again]))).toThrow('function "Again" calls itself')
    const older = functionOf('Again', ['a'], ['b'], [inFile('Neg', ['a'], ['b'])])
    expect(() => inlineFunctions(modelOf(call, ['y'], [older], 17))).toThrow(
      'function "Again" is of version 18 of the operators "ai.onnx" and the model of 17',
    )
  })

  it('is part of upgrading, so that older functions are upgraded too', async () => {
    const dropping = functionOf(
      'Mean',
      ['a'],
      ['b'],
      [inFile('ReduceMean', ['a'], ['b'], [{ name: 'axes', type: 7, ints: [1n] }])],
      { opsetImport: [{ domain: '', version: 13n }] },
    )
    const model = modelOf([node('Mean', ['x'], ['y'], { domain: OWN })], ['y'], [dropping], 13)
    const inputs = { x: randomTensor([4, 3], 1) }
    const upgraded = upgradeModel(model)
    expect(upgraded.graph.nodes.map(({ op, inputs: { length } }) => [op, length])).toEqual([['ReduceMean', 2]])
    expect(await runtime.run(upgraded, inputs)).toEqual(await runtime.run(model, inputs))
  })
})
