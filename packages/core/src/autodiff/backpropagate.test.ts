import { afterAll, describe, expect, it } from 'vitest'
import { InvalidInputError, UnsupportedOperatorError } from '../errors.ts'
import { type GraphBuilder, graphBuilder, int, type Model, type Value } from '../onnx/index.ts'
import { nodeRuntime } from '../runtime/index.ts'
import { scalarTensor, type Tensor, tensor, vectorTensor } from '../tensor/index.ts'
import { differentiate } from './differentiate.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const x = vectorTensor([0.5, 1])

/** A model whose output `loss` is the sum of what is written from an input `x` of two numbers and a parameter `w`. */
function model(write: (graph: GraphBuilder, x: Value, w: Value) => Value): Model {
  const graph = graphBuilder('model')
  const w = graph.constant(vectorTensor([1, 2]), 'w')
  const result = write(graph, graph.input('x', 'float64', [2]), w)
  graph.output('loss', graph.node('ReduceSum', [result], { keepdims: int(0) }), 'float64', [])
  return graph.model()
}

const fault = (from: Model, loss = 'loss', parameters = ['w'], inputs: Record<string, Tensor> = { x }) =>
  differentiate(runtime, from, { loss, parameters, inputs }).then(
    () => undefined,
    (error: unknown) => error as Error,
  )

/** Operators that ONNX Runtime runs and nobody differentiates. */
const transform = (graph: GraphBuilder, y: Value): Value => {
  const rows = graph.node('Unsqueeze', [y, graph.constant(tensor('int64', [2], BigInt64Array.of(0n, 2n)))])
  const spectrum = graph.node('DFT', [rows], { axis: int(1) })
  return graph.node('Unique', [spectrum])
}

describe('what cannot be differentiated', () => {
  it('names every operator without a rule between the parameters and the loss', async () => {
    const error = await fault(model((graph, x, w) => transform(graph, graph.node('Mul', [x, w]))))
    expect(error).toBeInstanceOf(UnsupportedOperatorError)
    const { nodes } = error as UnsupportedOperatorError
    expect(nodes.map(({ operator }) => operator)).toEqual(['DFT', 'Unique'])
    expect(nodes.every(({ node }) => node !== '')).toBe(true)
    expect(error!.message).toMatch(/DFT \(node "DFT_\d+"\), Unique \(node "Unique_\d+"\) are not supported/)
    expect(error!.message).toMatch(/freeze the parameters before it/)
  })

  it('does not mind such operators elsewhere', async () => {
    const before = model((graph, x, w) => {
      const sum = graph.node('ReduceSum', [transform(graph, x)], { keepdims: int(0) })
      return graph.node('Mul', [sum, w])
    })
    expect(await fault(before)).toBeUndefined()
    const aside = model((graph, x, w) => {
      graph.output('aside', transform(graph, w), 'float64', ['K'])
      return graph.node('Mul', [x, w])
    })
    expect(await fault(aside)).toBeUndefined()
  })

  it('names an operator that reads a parameter inside its subgraph', async () => {
    const branch = (op: string) => {
      const node = { op, domain: '', name: '', inputs: ['w'], outputs: [`${op}_w`], attributes: {} }
      const value = {
        name: op,
        nodes: [node],
        inputs: [],
        outputs: [{ name: `${op}_w`, type: 'float64' as const, dims: [2] }],
        initializers: new Map(),
        values: [],
      }
      return { type: 'graph' as const, value }
    }
    const choosing = model((graph, x) => {
      const condition = graph.input('condition', 'bool', [])
      const chosen = graph.node('If', [condition], { then_branch: branch('Neg'), else_branch: branch('Abs') })
      return graph.node('Mul', [x, chosen])
    })
    const condition: Tensor = { type: 'bool', dims: [], data: Uint8Array.of(1) }
    const error = await fault(choosing, 'loss', ['w'], { x, condition })
    expect(error).toBeInstanceOf(UnsupportedOperatorError)
    expect((error as UnsupportedOperatorError).nodes.map(({ operator }) => operator)).toEqual(['If'])
  })
})

describe('what is asked for wrongly', () => {
  const plain = model((graph, x, w) => graph.node('Mul', [x, w]))

  it('says what the loss is where it is not one number', async () => {
    const product = plain.graph.nodes[0]!.outputs[0]!
    const error = await fault(plain, product)
    expect(error).toBeInstanceOf(InvalidInputError)
    expect(error!.message).toMatch(new RegExp(`the loss "${product}" is float64 \\[2\\]: one number is expected`))
  })

  it('says so where the loss is a whole number', async () => {
    const counted = model((graph, x, w) => {
      graph.output('count', graph.node('Size', [x]), 'int64', [])
      return w
    })
    expect((await fault(counted, 'count'))!.message).toMatch(/the loss "count" is int64 \[\]/)
  })

  it('names a loss and a parameter that are not there', async () => {
    expect((await fault(plain, 'lost'))!.message).toMatch(/"model" has no value "lost"/)
    expect((await fault(plain, 'loss', ['w', 'v']))!.message).toMatch(/"model" has no value "v"/)
  })

  it('names a parameter of whole numbers', async () => {
    const gathered = model((graph, x) =>
      graph.node('Gather', [x, graph.constant(tensor('int64', [1], BigInt64Array.of(1n)), 'places')]),
    )
    const error = await fault(gathered, 'loss', ['places'])
    expect(error).toBeInstanceOf(InvalidInputError)
    expect(error!.message).toMatch(/the parameter "places" is int64: only float32 and float64 have gradients/)
  })

  it('says which input is missing', async () => {
    expect((await fault(plain, 'loss', ['w'], {}))!.message).toMatch(/"x"/)
    expect(await fault(plain, 'loss', ['w'], { x: scalarTensor(1) })).toBeInstanceOf(InvalidInputError)
  })
})
