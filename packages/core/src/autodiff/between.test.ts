import { describe, expect, it } from 'vitest'
import type { Graph, Node } from '../onnx/index.ts'
import { ancestors, nodesBetween, readBy } from './between.ts'

const node = (name: string, inputs: string[], outputs: string[] = [name]): Node => ({
  op: 'Any',
  domain: '',
  name,
  inputs,
  outputs,
  attributes: {},
})

const graphOf = (nodes: Node[]): Graph => ({
  name: '',
  nodes,
  inputs: [],
  outputs: [],
  initializers: new Map(),
  values: [],
})

const names = (nodes: readonly Node[]): string[] => nodes.map(({ name }) => name)

describe('nodesBetween', () => {
  const graph = graphOf([
    node('before', ['x']),
    node('first', ['w', 'before']),
    node('aside', ['w']),
    node('second', ['first', '']),
    node('after', ['second']),
  ])

  it('keeps what one value reaches and another needs, in order', () => {
    expect(names(nodesBetween(graph, new Set(['w']), 'second'))).toEqual(['first', 'second'])
    expect(names(nodesBetween(graph, new Set(['x']), 'after'))).toEqual(['before', 'first', 'second', 'after'])
    expect(nodesBetween(graph, new Set(['after']), 'second')).toEqual([])
  })

  it('sees what subgraphs read', () => {
    const branch = graphOf([node('inner', ['w', 'y'])])
    const choice = {
      ...node('choice', ['condition']),
      attributes: { then_branch: { type: 'graph' as const, value: branch } },
    }
    expect(readBy(choice)).toEqual(['condition', 'w', 'y'])
    expect(names(nodesBetween(graphOf([choice]), new Set(['w']), 'choice'))).toEqual(['choice'])
    expect(names(ancestors([node('y', []), choice], ['choice']))).toEqual(['y', 'choice'])
  })
})

describe('ancestors', () => {
  it('keeps what values are computed by, and absent outputs want nothing', () => {
    const nodes = [node('a', []), node('b', ['a']), node('c', ['', 'b'], ['c', '']), node('d', [''])]
    expect(names(ancestors(nodes, ['c']))).toEqual(['a', 'b', 'c'])
    expect(names(ancestors(nodes, ['a', 'd']))).toEqual(['a', 'd'])
  })
})
