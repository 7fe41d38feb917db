import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Graph, int, ints, type Node } from '../onnx/index.ts'
import { integerTensor } from '../tensor/index.ts'
import { namedNode } from '../testing/residual-network.ts'
import { batchPlaces, rowSteps } from './batch-axis.ts'

/** Where the batch is in `y`, of a chain of nodes on `x` with these shapes. */
function placeIn(shapes: Readonly<Record<string, readonly number[]>>, rows: number, ...nodes: Node[]) {
  const graph: Graph = { name: 'axes', nodes, inputs: [], outputs: [], values: [], initializers: new Map() }
  const dimsOf = (name: string) => shapes[name]!
  return batchPlaces(graph, 'x', { dimsOf, known: () => undefined, rows }).get('y')
}

const reshape = (from: string, to: string) => namedNode('Reshape', [from, 'shape'], to)

describe('the batch', () => {
  it('is followed through transpositions, reductions, lookups and products', () => {
    const at = (to: number[], node: Node) => placeIn({ x: [3, 4, 5], y: to, i: [] }, 3, node)?.axis
    expect(at([4, 3, 5], namedNode('Transpose', ['x'], 'y', { perm: ints([1, 0, 2]) }))).toBe(1)
    expect(at([3, 5], namedNode('ReduceMean', ['x'], 'y', { axes: ints([1]), keepdims: int(0) }))).toBe(0)
    expect(at([4, 5], namedNode('ReduceMean', ['x'], 'y', { axes: ints([0]), keepdims: int(0) }))).toBeUndefined()
    expect(at([3, 5], namedNode('Gather', ['x', 'i'], 'y', { axis: int(1) }))).toBe(0)
    expect(at([2, 3, 4, 5], namedNode('Add', ['x', 'w'], 'y'))).toBe(1)
    const einsum = { equation: { type: 'string' as const, value: 'bij,jk->ikb' } }
    expect(at([4, 6, 3], namedNode('Einsum', ['x', 'w'], 'y', einsum))).toBe(2)
  })

  it('is found again after reshapes that join it with what comes before or after it', () => {
    const heads = { x: [2, 17, 8], t: [17, 2, 8], j: [34, 8], y: [17, 2, 8] }
    const turn = namedNode('Transpose', ['x'], 't', { perm: ints([1, 0, 2]) })
    expect(placeIn({ ...heads, y: heads.j }, 2, turn, reshape('t', 'y'))).toEqual({ axis: 0, lead: 17 })
    expect(placeIn(heads, 2, turn, reshape('t', 'j'), reshape('j', 'y'))).toEqual({ axis: 1, lead: 1 })
    expect(placeIn({ x: [2, 4, 6], y: [8, 6] }, 2, reshape('x', 'y'))).toEqual({ axis: 0, lead: 1 })
  })

  it('comes first in every reshape that keeps it so', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 2, maxLength: 4 })
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), sizes, (rows, row) => {
        const flat = [rows, row.reduce((a, b) => a * b, 1)]
        expect(placeIn({ x: [rows, ...row], y: flat }, rows, reshape('x', 'y'))).toEqual({ axis: 0, lead: 1 })
        expect(placeIn({ x: flat, y: [rows, ...row] }, rows, reshape('x', 'y'))).toEqual({ axis: 0, lead: 1 })
      }),
    )
  })
})

describe('places in a table of all rows', () => {
  it('are told from the first row where each next one has the same, moved by a step', () => {
    const places = { ...integerTensor([0, 2, 5, 7]), dims: [2, 2] }
    expect(rowSteps(places, 2, 5)).toEqual({ ...integerTensor([0, 2]), dims: [1, 2] })
    expect(rowSteps(places, 2, 4)).toBeUndefined()
    expect(rowSteps(places, 4, 5)).toBeUndefined()
    expect(rowSteps(undefined, 2, 5)).toBeUndefined()
  })
})
