import { afterAll, describe, expect, it } from 'vitest'
import { graphBuilder, int, type Model } from '../onnx/index.ts'
import { nodeRuntime } from '../runtime/index.ts'
import { integerTensor, type Tensor } from '../tensor/index.ts'
import { differentiate, gradients } from './differentiate.ts'
import { sliceSequences } from './slice-sequences.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const scalar = (value: number): Tensor => ({ type: 'int64', dims: [], data: BigInt64Array.of(BigInt(value)) })
const x: Tensor = { type: 'float32', dims: [2, 5], data: Float32Array.from({ length: 10 }, (_, i) => i + 1) }

/** The parts at `positions` of `x` split along its last axis, each squared and summed up. */
function parts(split: Tensor | undefined, positions: readonly number[], keepdims = 1): Model {
  const graph = graphBuilder()
  const input = graph.input('x', 'float32', ['N', 5])
  const sizes = split === undefined ? [] : [graph.node('Constant', [], { value: { type: 'tensor', value: split } })]
  const sequence = graph.node('SplitToSequence', [input, ...sizes], { axis: int(-1), keepdims: int(keepdims) })
  const sums = positions.map((position, i) => {
    const part = graph.node('SequenceAt', [sequence, graph.constant(scalar(position))])
    graph.output(`part_${i}`, part, 'float32', keepdims === 1 ? ['N', null] : ['N'])
    return graph.node('ReduceSum', [graph.node('Mul', [part, part])], { keepdims: int(0) })
  })
  graph.output('loss', graph.node('Sum', sums), 'float32', [])
  return graph.model()
}

describe('parts of a sequence', () => {
  const cases: readonly (readonly [string, Model, readonly number[]])[] = [
    ['of one size, the last one shorter', parts(scalar(2), [0, 2]), [0, 1, 4]],
    ['of several sizes, counted from either end', parts(integerTensor([1, 3, 1]), [1, -1]), [1, 2, 3, 4]],
    ['of one position each', parts(undefined, [0, -1, -2]), [0, 3, 4]],
    ['of one position each, without their axis', parts(undefined, [1, -1], 0), [1, 4]],
  ]
  for (const [what, model, columns] of cases) {
    it(`are slices: ${what}`, async () => {
      const sliced: Model = { ...model, graph: sliceSequences(model.graph) }
      expect(sliced.graph.nodes.filter(({ op }) => op.includes('Sequence'))).toEqual([])
      expect(await runtime.run(sliced, { x })).toEqual(await runtime.run(model, { x }))
      const found = await gradients(runtime, model, { loss: 'loss', parameters: ['x'], inputs: { x } })
      const expected = Float32Array.from(x.data as Float32Array, (value, i) =>
        columns.includes(i % 5) ? 2 * value : 0,
      )
      expect(found.gradients.get('x')!.data).toEqual(expected)
    })
  }

  it('stay where their place is not known', () => {
    const model = parts(scalar(2), [-1])
    expect(sliceSequences(model.graph).nodes).toEqual(model.graph.nodes)
    const plain = graphBuilder()
    plain.output('y', plain.node('Relu', [plain.input('x', 'float32', [2])]), 'float32', [2])
    const { graph } = plain.model()
    expect(sliceSequences(graph)).toBe(graph)
  })

  it('have no gradient graph then: the error names the nodes', async () => {
    const failure = await differentiate(runtime, parts(scalar(2), [-1]), {
      loss: 'loss',
      parameters: ['x'],
      inputs: { x },
    }).catch((error: Error) => error)
    expect((failure as Error).message).toMatch(
      /SplitToSequence \(node .*\), SequenceAt \(node .*\) are not supported: it cannot be differentiated/,
    )
  })
})
