import { describe, expect, it } from 'vitest'
import { scalarTensor, tensor } from '../tensor/index.ts'
import { graphBuilder } from './builder.ts'
import type { Graph } from './model.ts'
import { readModel } from './read.ts'
import { summariseModel } from './summary.ts'
import { writeModel } from './write.ts'

function scaled() {
  const graph = graphBuilder()
  const x = graph.input('x', 'float32', ['n', 3])
  const w = graph.constant(tensor('float32', [3, 2], new Float32Array(6)), 'w')
  const product = graph.node('MatMul', [x, w])
  graph.output('y', graph.node('Relu', [graph.node('Relu', [product])]), 'float32', ['n', 2])
  return graph.model({ author: 'a test' })
}

describe('the summary of a model', () => {
  it('lists inputs, outputs, operators by count, parameters and metadata, as read from a file too', () => {
    for (const model of [scaled(), readModel(writeModel(scaled()))]) {
      const summary = summariseModel(model)
      expect(summary.inputs).toEqual([{ name: 'x', type: 'float32', dims: ['n', 3] }])
      expect(summary.outputs).toEqual([{ name: 'y', type: 'float32', dims: ['n', 2] }])
      expect(Object.entries(summary.operators)).toEqual([
        ['Relu', 2],
        ['Identity', 1],
        ['MatMul', 1],
      ])
      expect(summary.nodes).toBe(4)
      expect(summary.parameters).toEqual({ elements: 6, tensors: 1 })
      expect(summary.metadata).toEqual({ author: 'a test' })
    }
  })

  it('leaves out inputs that are initialisers, and counts what subgraphs hold', () => {
    const { graph, ...model } = scaled()
    const inner: Graph = {
      name: 'branch',
      nodes: [{ op: 'Tanh', domain: '', name: 't', inputs: ['c'], outputs: ['z'], attributes: {} }],
      inputs: [],
      outputs: [],
      initializers: new Map([['c', scalarTensor(1)]]),
      values: [],
    }
    const summary = summariseModel({
      ...model,
      graph: {
        ...graph,
        inputs: [...graph.inputs, { name: 'w', type: 'float32', dims: [3, 2] }],
        nodes: [
          ...graph.nodes,
          {
            op: 'Inverse',
            domain: 'com.microsoft',
            name: 'i',
            inputs: [],
            outputs: ['i'],
            attributes: { branch: { type: 'graph', value: inner } },
          },
        ],
      },
    })
    expect(summary.inputs.map((input) => input.name)).toEqual(['x'])
    expect(summary.operators).toMatchObject({ Tanh: 1, 'com.microsoft:Inverse': 1 })
    expect(summary.parameters).toEqual({ elements: 7, tensors: 2 })
  })
})
