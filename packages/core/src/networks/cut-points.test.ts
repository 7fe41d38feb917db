import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Model, Node } from '../onnx/index.ts'
import { namedNode, residualNetwork } from '../testing/residual-network.ts'
import { parameterUse, segmentsTo } from './cut-points.ts'
import type { OpenNetwork, RowValue } from './open-batch.ts'

const row: RowValue = { type: 'float32', dims: [3] }

/** A network of these nodes on `x`, in which every value holds rows of float32 but those that `otherwise` says. */
function network(
  nodes: readonly Node[],
  otherwise: Readonly<Record<string, RowValue>> = {},
  parameters: string[] = [],
): OpenNetwork {
  const graph = { ...residualNetwork().graph, nodes, inputs: [{ name: 'x' }], outputs: [] }
  const model: Model = { ...residualNetwork(), graph }
  const names = ['x', ...nodes.flatMap(({ outputs }) => outputs)]
  const rows = new Map(names.map((name) => [name, otherwise[name] ?? row]))
  return { model, input: { name: 'x', ...row }, rows, parameters }
}

/** Whether `to` can be reached from `x` without `without`. */
function reaches(nodes: readonly Node[], to: string, without: string): boolean {
  const found = new Set(['x'])
  for (const { inputs, outputs } of nodes) {
    if (inputs.some((name) => found.has(name)) && !outputs.includes(without)) found.add(outputs[0]!)
  }
  return found.has(to)
}

/** Nodes of which each reads one or two of the values before it. */
const graphs = fc
  .array(fc.tuple(fc.nat(), fc.option(fc.nat(), { nil: undefined })), { minLength: 1, maxLength: 12 })
  .map((picks) =>
    picks.map(([a, b], i) => {
      const earlier = (pick: number) => (pick % (i + 1) === 0 ? 'x' : `v${(pick % (i + 1)) - 1}`)
      return namedNode('Add', b === undefined ? [earlier(a), 'w'] : [earlier(a), earlier(b)], `v${i}`)
    }),
  )

describe('the places to cut', () => {
  it('are the values without which the target cannot be reached', () => {
    fc.assert(
      fc.property(graphs, (nodes) => {
        const target = `v${nodes.length - 1}`
        const needed = nodes.map(({ outputs }) => outputs[0]!).filter((name) => !reaches(nodes, target, name))
        expect(segmentsTo(network(nodes), target).map(({ output }) => output)).toEqual(needed)
      }),
    )
  })

  it('hold rows of float32', () => {
    const nodes = ['a', 'b', 'c'].map((name, i) => namedNode('Neg', [['x', 'a', 'b'][i]!], name))
    const half = network(nodes, { a: { type: 'float16', dims: [3] } })
    expect(segmentsTo(half, 'c').map(({ output, nodes: own }) => [output, own.length])).toEqual([
      ['b', 2],
      ['c', 1],
    ])
  })
})

describe('the parameters of a node', () => {
  it('are followed through what the batch does not reach', () => {
    const turned = namedNode('Transpose', ['w'], 't')
    const product = namedNode('MatMul', ['x', 't'], 'm')
    const sum = namedNode('Add', ['m', 'b'], 'y')
    const use = parameterUse(network([turned, product, sum], {}, ['w', 'b']))
    expect([product, sum].map(use)).toEqual([['w'], ['b']])
  })
})
