import { describe, expect, it } from 'vitest'
import type { Runtime } from '../runtime/index.ts'
import type { Tensor } from '../tensor/index.ts'
import { disagreements, oneNode } from './against-runtime.ts'
import { tensorFrom } from './draw.ts'

/** A runtime that gives the same outputs whatever it runs. */
const giving = (outputs: Record<string, Tensor>): Runtime => ({
  provider: 'cpu',
  run: async () => outputs,
  runFile: async () => outputs,
  release: async () => {},
})

const example = oneNode('Neg', [tensorFrom('float32', [2], [1, Number.NaN])])
const against = (output: Tensor, tolerance?: number) => disagreements(giving({ output_0: output }), example, tolerance)

describe('disagreements', () => {
  it('are none where the numbers are near, those without a value among them', async () => {
    expect(await against(tensorFrom('float32', [2], [-1.00001, Number.NaN]))).toEqual([])
  })

  it('name the first number that is far, as far as the type allows', async () => {
    const far = ['Neg, output_0: element 0 of float [2] is -1, expected -1.0001']
    expect(await against(tensorFrom('float64', [2], [-1.0001, Number.NaN]))).toEqual(far)
    expect(await against(tensorFrom('float64', [2], [-1.0001, Number.NaN]), 1e-3)).toEqual([])
    expect(await against(tensorFrom('float64', [2], [-1 - 1e-11, Number.NaN]))).toHaveLength(1)
    expect(await against(tensorFrom('float64', [2], [Number.NaN, Number.NaN]))).toHaveLength(1)
    expect(await against(tensorFrom('float64', [2], [-Infinity, Number.NaN]))).toHaveLength(1)
    expect(await against(tensorFrom('float64', [2], [-1, 0]))).toHaveLength(1)
  })

  it('name another kind and another shape', async () => {
    expect(await against(tensorFrom('int64', [2], [-1, 0]))).toEqual(['Neg, output_0: got float [2], expected int [2]'])
    expect(await against(tensorFrom('float32', [2, 1], [-1, Number.NaN]))).toEqual([
      'Neg, output_0: got float [2], expected float [2, 1]',
    ])
  })
})

describe('oneNode', () => {
  it('gives some inputs, stores others and leaves out the rest', () => {
    const [a, b] = [tensorFrom('float32', [1], [1]), tensorFrom('float32', [1], [2])]
    const { model, inputs } = oneNode('Clip', [a, undefined, b], {}, { stored: [2], opset: 13 })
    expect(model.graph.nodes[0]!.inputs).toEqual(['input_0', '', 'input_2'])
    expect(inputs).toEqual({ input_0: a })
    expect([...model.graph.initializers]).toEqual([['input_2', b]])
    expect(model.opsets).toEqual({ '': 13 })
  })
})
