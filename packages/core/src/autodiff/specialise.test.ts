import { afterAll, describe, expect, it } from 'vitest'
import { InvalidInputError } from '../errors.ts'
import { graphBuilder, int } from '../onnx/index.ts'
import { nodeRuntime } from '../runtime/index.ts'
import { integerTensor, tensor, vectorTensor } from '../tensor/index.ts'
import { specialise } from './specialise.ts'

const runtime = await nodeRuntime({ threads: 1 })
afterAll(() => runtime.release())

/** `y`, the rows of `x` laid flat as exporters write it: Shape, Gather, Unsqueeze, Concat, Reshape; then `y · w · c`. */
function flattening() {
  const graph = graphBuilder('flattening')
  const x = graph.input('x', 'float64', ['N', 2, 3])
  graph.input('unused', 'float64', ['K'])
  const w = graph.constant(vectorTensor([2]), 'w')
  const rows = graph.node('Gather', [graph.node('Shape', [x]), graph.constant(integerTensor([0]))], { axis: int(0) })
  const shape = graph.node('Concat', [rows, graph.constant(integerTensor([-1]))], { axis: int(0) })
  const flat = graph.node('Reshape', [x, shape])
  const constant = graph.node('Constant', [], { value: { type: 'tensor', value: vectorTensor([5]) } })
  const factor = graph.node('Mul', [w, constant])
  graph.output('y', graph.node('Mul', [flat, factor]), 'float64', ['N', 'M'])
  graph.output('shape', shape, 'int64', [2])
  return { model: graph.model(), shape, flat, factor }
}

const inputs = {
  x: tensor(
    'float64',
    [4, 2, 3],
    Float64Array.from({ length: 24 }, (_, i) => i),
  ),
  unused: vectorTensor([1, 2, 3]),
}

describe('specialise', () => {
  it('folds arithmetic with shapes, and keeps what variable initialisers take part in', async () => {
    const { model, shape, flat, factor } = flattening()
    const special = await specialise(runtime, model, inputs, new Set(['w']))
    expect(special.model.graph.nodes.map(({ op }) => op)).toEqual(['Reshape', 'Mul', 'Mul', 'Identity'])
    expect(special.known(shape)).toEqual(integerTensor([4, -1]))
    expect(special.model.graph.initializers.get(shape)).toEqual(integerTensor([4, -1]))
    expect(special.known(factor)).toBeUndefined()
    expect(special.valueOf(flat)).toEqual({ name: flat, type: 'float64', dims: [4, 6] })
  })

  it('folds frozen weights with constants', async () => {
    const { model, factor } = flattening()
    const special = await specialise(runtime, model, inputs, new Set())
    expect(special.known(factor)).toEqual(vectorTensor([10]))
    expect(special.model.graph.nodes.map(({ op }) => op)).toEqual(['Reshape', 'Mul', 'Identity'])
  })

  it('declares the inputs given in the shapes given', async () => {
    const { model } = flattening()
    expect((await specialise(runtime, model, inputs, new Set())).model.graph.inputs).toEqual([
      { name: 'x', type: 'float64', dims: [4, 2, 3] },
      { name: 'unused', type: 'float64', dims: [3] },
    ])
  })

  it('computes the same as the model', async () => {
    const { model } = flattening()
    const special = await specialise(runtime, model, inputs, new Set(['w']))
    expect(await runtime.run(special.model, inputs)).toEqual(await runtime.run(model, inputs))
  })

  it('brings older models to operator set 18', async () => {
    const graph = graphBuilder('old')
    const x = graph.input('x', 'float64', [2, 3])
    graph.output('y', graph.node('ReduceMax', [x], { axes: { type: 'ints', value: [1] } }), 'float64', [2, 1])
    const special = await specialise(
      runtime,
      graph.model(),
      { x: tensor('float64', [2, 3], new Float64Array(6)) },
      new Set(),
    )
    expect(special.model.opsets['']).toBeGreaterThanOrEqual(18)
    expect(special.model.graph.nodes[0]!.inputs).toHaveLength(2)
  })

  it('says which value the graph does not have', async () => {
    const { model } = flattening()
    const special = await specialise(runtime, model, inputs, new Set())
    expect(() => special.valueOf('weights')).toThrow(InvalidInputError)
    expect(() => special.valueOf('weights')).toThrow(/"flattening" has no value "weights"/)
    expect(special.known('weights')).toBeUndefined()
  })
})
