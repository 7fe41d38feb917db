import { afterAll, describe, expect, it } from 'vitest'
import { type Attribute, float, graphBuilder, int, ints } from '../onnx/index.ts'
import { nodeRuntime } from '../runtime/index.ts'
import { integerTensor, type Tensor, tensor, vectorTensor } from '../tensor/index.ts'
import { stopGradient } from './markers.ts'
import { trace } from './trace.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

const one = (value: Tensor): Record<string, Attribute> => ({ value: { type: 'tensor', value } })

describe('trace', () => {
  it('notes type and shape of inputs, initialisers and what nodes give', async () => {
    const graph = graphBuilder()
    const x = graph.input('x', 'float32', ['N', 3])
    const w = graph.constant(tensor('float32', [3, 2], new Float32Array(6)), 'w')
    const product = graph.node('MatMul', [x, w])
    const [values, places] = graph.nodes('TopK', 2, [product, graph.constant(integerTensor([1]))])
    const marked = stopGradient(graph, values!)
    const inputs = { x: tensor('float32', [5, 3], new Float32Array(15)) }
    const found = await trace(runtime, graph.model(), inputs, new Set())
    expect(found.values.get('x')).toEqual({ name: 'x', type: 'float32', dims: [5, 3] })
    expect(found.values.get('w')).toMatchObject({ type: 'float32', dims: [3, 2] })
    expect(found.values.get(product)).toMatchObject({ type: 'float32', dims: [5, 2] })
    expect(found.values.get(marked)).toMatchObject({ type: 'float32', dims: [5, 1] })
    expect(found.values.get(places!)).toMatchObject({ type: 'int64', dims: [5, 1] })
  })

  it('sees values that ONNX Runtime would fuse away: positions by Range, as transformers look them up', async () => {
    const graph = graphBuilder()
    const x = graph.input('x', 'float32', ['N', 12])
    const table = graph.constant(tensor('float32', [12, 1], new Float32Array(12)))
    const scalar = (value: bigint) => graph.constant(tensor('int64', [], BigInt64Array.of(value)))
    const length = graph.node('Gather', [graph.node('Shape', [x]), scalar(1n)])
    const places = graph.node('Range', [scalar(0n), length, scalar(1n)])
    graph.node('Add', [graph.node('Gather', [table, places]), x])
    const { values, known } = await trace(
      runtime,
      graph.model(),
      { x: tensor('float32', [1, 12], new Float32Array(12)) },
      new Set(),
    )
    expect(known.get(places)).toEqual(integerTensor([...Array(12).keys()]))
    expect(values.get(places)).toMatchObject({ dims: [12] })
  })

  it('knows the numbers of constants and of what is computed from shapes and constants', async () => {
    const graph = graphBuilder()
    const x = graph.input('x', 'float64', ['N', 'M'])
    const frozen = graph.constant(vectorTensor([1, 2]), 'frozen')
    const shape = graph.node('Shape', [x])
    const rows = graph.node('Gather', [shape, graph.constant(integerTensor([0]))], { axis: int(0) })
    const target = graph.node('Concat', [rows, graph.constant(integerTensor([-1]))], { axis: int(0) })
    const stored = graph.node('Constant', [], one(vectorTensor([3])))
    const product = graph.node('Mul', [frozen, stored])
    const reshaped = graph.node('Reshape', [x, target])
    const { known } = await trace(
      runtime,
      graph.model(),
      { x: tensor('float64', [2, 2], new Float64Array(4)) },
      new Set(),
    )
    expect(known.get(target)).toEqual(integerTensor([2, -1]))
    expect(known.get(product)).toEqual(vectorTensor([3, 6]))
    expect(known.get(frozen)).toEqual(vectorTensor([1, 2]))
    expect(known.has('x')).toBe(false)
    expect(known.has(reshaped)).toBe(false)
  })

  it('does not know what depends on variable initialisers, chance, or defaults that a caller may replace', async () => {
    const graph = graphBuilder()
    const w = graph.constant(vectorTensor([1, 2]), 'w')
    const other = graph.constant(vectorTensor([1, 2]), 'other')
    const doubled = graph.node('Add', [w, w])
    const shape = graph.node('Shape', [w])
    const noise = graph.node('RandomNormal', [], { dtype: int(11), shape: ints([2]), seed: float(1) })
    const noisy = graph.node('Add', [noise, other])
    const sum = graph.node('Add', [noisy, doubled])
    const model = graph.model()
    const replaceable = {
      ...model,
      graph: { ...model.graph, inputs: [{ name: 'other', type: 'float64' as const, dims: [2] }] },
    }
    const { known, values } = await trace(runtime, replaceable, {}, new Set(['w']))
    expect([...known.keys()]).toEqual([shape])
    expect(values.get(sum)).toMatchObject({ type: 'float64', dims: [2] })
    expect((await trace(runtime, model, {}, new Set())).known.has(doubled)).toBe(true)
  })

  it('takes a graph without nodes', async () => {
    const graph = graphBuilder()
    graph.constant(vectorTensor([1]), 'w')
    expect((await trace(runtime, graph.model(), {}, new Set())).values.get('w')).toMatchObject({ dims: [1] })
  })
})
