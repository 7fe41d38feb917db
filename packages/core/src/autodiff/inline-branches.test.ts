import { afterAll, describe, expect, it } from 'vitest'
import { type Attribute, type Graph, int, type Model, type Node } from '../onnx/index.ts'
import { nodeRuntime } from '../runtime/index.ts'
import { integerTensor, scalarOf, type Tensor, tensor } from '../tensor/index.ts'
import { randomTensor } from '../testing/random-tensor.ts'
import { differentiate, gradients } from './differentiate.ts'
import { inlineBranches } from './inline-branches.ts'
import { nodesWithoutRule } from './reach.ts'
import { specialise } from './specialise.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const node = (op: string, inputs: string[], outputs: string[], attributes: Record<string, Attribute> = {}): Node => ({
  op,
  domain: '',
  name: '',
  inputs,
  outputs,
  attributes,
})

function branch(nodes: Node[], outputs: string[], initializers: Record<string, Tensor> = {}): Graph {
  return {
    name: 'branch',
    nodes,
    inputs: [],
    outputs: outputs.map((name) => ({ name })),
    initializers: new Map(Object.entries(initializers)),
    values: [],
  }
}

const choice = (condition: string, outputs: string[], yes: Graph, no: Graph): Node =>
  node('If', [condition], outputs, {
    then_branch: { type: 'graph', value: yes },
    else_branch: { type: 'graph', value: no },
  })

function modelOf(nodes: Node[], outputs: string[], initializers: Record<string, Tensor> = {}): Model {
  return {
    irVersion: 10,
    opsets: { '': 18 },
    producer: { name: 'test', version: '' },
    metadata: {},
    graph: {
      ...branch(nodes, outputs, initializers),
      inputs: [{ name: 'x', type: 'float32', dims: ['n', 3] }],
      outputs: outputs.map((name) => ({ name, type: 'float32' as const })),
    },
  }
}

/** `outer` and `inner` choose; names are the same in all branches, and in the graph behind. */
function nested(outer: boolean, inner: boolean): Model {
  const two = { factor: scalarOf(2, 'float32') }
  const doubled = branch(
    [node('Mul', ['seen', 'factor'], ['inside']), node('Tanh', ['x'], ['turned'])],
    ['inside', 'turned'],
    two,
  )
  const negated = branch([node('Neg', ['seen'], ['inside'])], ['inside', 'factor'], two)
  const yes = branch([node('Exp', ['x'], ['seen']), choice('inner', ['a', 'b'], doubled, negated)], ['a', 'b'])
  const no = branch([node('Abs', ['x'], ['seen']), choice('inner', ['a', 'b'], negated, doubled)], ['b', 'a'])
  const nodes = [choice('outer', ['y', 'z'], yes, no), choice('outer', ['v', 'w'], no, yes)]
  const last = [node('Add', ['y', 'w'], ['inside']), node('Add', ['inside', 'z'], ['seen'])]
  const conditions = { outer: scalarOf(Number(outer), 'bool'), inner: scalarOf(Number(inner), 'bool') }
  return modelOf([...nodes, ...last], ['y', 'z', 'w', 'seen'], conditions)
}

const x = randomTensor([4, 3], 1)

describe('inlineBranches', () => {
  it('puts the branch that is taken in the place of the choice, nested ones too', async () => {
    for (const [outer, inner] of [
      [true, true],
      [true, false],
      [false, true],
      [false, false],
    ] as const) {
      const model = nested(outer, inner)
      const graph = inlineBranches(model.graph, (name) => model.graph.initializers.get(name))
      expect(graph.nodes.some(({ op }) => op === 'If')).toBe(false)
      const values = graph.nodes.flatMap(({ outputs }) => outputs)
      expect(new Set(values).size).toBe(values.length)
      expect(await runtime.run({ ...model, graph }, { x })).toEqual(await runtime.run(model, { x }))
    }
  })

  it('leaves choices whose condition is not known', () => {
    const { graph } = nested(true, true)
    expect(inlineBranches(graph, () => undefined)).toBe(graph)
    const some = inlineBranches(graph, (name) => (name === 'outer' ? graph.initializers.get(name) : undefined))
    expect(some.nodes.filter(({ op }) => op === 'If').map(({ inputs }) => inputs)).toEqual([['inner'], ['inner']])
  })
})

describe('a choice by the shape of an input', () => {
  const weights = tensor('float32', [3], Float32Array.of(1, -2, 3))
  /** `Σ x · w · w` for one row, `Σ x · w` for more; the inner choice is by a value that the branch computes. */
  const square = branch([node('Mul', ['scaled', 'w'], ['inside'])], ['inside'])
  const plain = branch([node('Identity', ['scaled'], ['inside'])], ['inside'])
  const isOne = (input: string, output: string) => [
    node('Shape', [input], [`${output}/shape`], { end: int(1) }),
    node('Equal', [`${output}/shape`, 'one'], [output]),
  ]
  const inBranch = branch(
    [node('Mul', ['x', 'w'], ['scaled']), ...isOne('scaled', 'alone'), choice('alone', ['chosen'], square, plain)],
    ['chosen'],
  )
  const other = branch([node('Mul', ['x', 'w'], ['scaled'])], ['scaled'])
  const model = modelOf(
    [
      ...isOne('x', 'single'),
      choice('single', ['y'], inBranch, other),
      node('ReduceSum', ['y'], ['loss'], { keepdims: int(0) }),
    ],
    ['loss'],
    { w: weights, one: integerTensor([1]) },
  )

  it('is differentiated along the branch that is taken', async () => {
    const gradientAt = async (rows: number) => {
      const inputs = {
        x: tensor(
          'float32',
          [rows, 3],
          Float32Array.from({ length: rows * 3 }, (_, i) => i + 1),
        ),
      }
      return (await gradients(runtime, model, { loss: 'loss', parameters: ['w'], inputs })).gradients.get('w')!.data
    }
    expect(nodesWithoutRule(model, ['w'])).toEqual([])
    expect(await gradientAt(1)).toEqual(Float32Array.of(2, -8, 18))
    expect(await gradientAt(2)).toEqual(Float32Array.of(5, 7, 9))
  })

  it('is not made by numbers that may change from run to run', async () => {
    const byNumber = modelOf(
      [
        node('ReduceMax', ['x'], ['largest'], { keepdims: int(0) }),
        node('Cast', ['largest'], ['single'], { to: int(9) }),
        choice('single', ['y'], other, branch([node('Neg', ['x'], ['negative'])], ['negative'])),
        node('ReduceSum', ['y'], ['loss'], { keepdims: int(0) }),
      ],
      ['loss'],
      { w: weights },
    )
    const special = await specialise(runtime, byNumber, { x }, new Set())
    expect(special.model.graph.nodes.map(({ op }) => op)).toContain('If')
    await expect(differentiate(runtime, byNumber, { loss: 'loss', parameters: ['w'], inputs: { x } })).rejects.toThrow(
      'the operator If is not supported',
    )
  })
})
