import { expect, it } from 'vitest'
import type { Graph, Node } from '../../onnx/index.ts'
import { nameSequences } from './name-sequences.ts'

const node = (op: string, outputs: string[], domain = ''): Node => ({
  op,
  domain,
  name: '',
  inputs: ['x'],
  outputs,
  attributes: {},
})

const graph = (nodes: Node[]): Graph => ({
  name: 'test',
  nodes,
  inputs: [{ name: 'x' }],
  outputs: [],
  initializers: new Map(),
  values: [],
})

it('names the first output of recurrent nodes that lack it, by names that nothing has', () => {
  const nodes = [
    node('LSTM', ['', 'last', 'cell']),
    node('GRU', ['', 'hidden']),
    node('RNN', ['all']),
    node('Relu', ['hidden/sequence']),
    node('GRU', ['', 'mine'], 'own'),
  ]
  const outputs = nameSequences(graph(nodes)).nodes.map((each) => each.outputs)
  expect(outputs).toEqual([
    ['last/sequence', 'last', 'cell'],
    ['hidden/sequence_1', 'hidden'],
    ['all'],
    ['hidden/sequence'],
    ['', 'mine'],
  ])
})

it('leaves a graph alone whose recurrent nodes give all states', () => {
  const given = graph([node('LSTM', ['all', 'last'])])
  expect(nameSequences(given)).toBe(given)
})
