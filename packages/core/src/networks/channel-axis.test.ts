import { describe, expect, it } from 'vitest'
import { type Graph, ints, type Node } from '../onnx/index.ts'
import { namedNode } from '../testing/residual-network.ts'
import { channelAxis } from './channel-axis.ts'

const graphOf = (nodes: Node[]): Graph => ({
  name: 'axes',
  nodes,
  inputs: [{ name: 'x', type: 'float32' }],
  outputs: [],
  initializers: new Map(),
  values: [],
})
const axis = (rank: number, ...nodes: Node[]): number => channelAxis(graphOf(nodes), 'x', 'y', rank)
const transposed = (from: string, order: number[]) => namedNode('Transpose', [from], 'y', { perm: ints(order) })

describe('the axis of the channels', () => {
  it('is the first after a convolution and the last after a matrix product, whatever each number passes since', () => {
    expect(axis(4, namedNode('Conv', ['x', 'w'], 'c'), namedNode('Relu', ['c'], 'y'))).toBe(1)
    expect(axis(3, namedNode('MatMul', ['x', 'w'], 'm'), namedNode('Add', ['bias', 'm'], 'y'))).toBe(2)
  })

  it('moves with a transposition', () => {
    expect(axis(4, namedNode('Conv', ['x', 'w'], 'c'), transposed('c', [0, 2, 3, 1]))).toBe(3)
    expect(axis(4, namedNode('LayerNormalization', ['x', 'w'], 'n'), transposed('n', [0, 3, 1, 2]))).toBe(1)
  })

  it('is taken for the first where nothing but the input is there', () => {
    expect(channelAxis(graphOf([]), 'x', 'x', 4)).toBe(1)
    expect(channelAxis(graphOf([]), 'x', 'x', 2)).toBe(1)
  })
})
