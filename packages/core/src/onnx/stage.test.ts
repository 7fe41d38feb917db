import { describe, expect, it } from 'vitest'
import { vectorTensor } from '../tensor/index.ts'
import { graphBuilder } from './builder.ts'
import { affineStage } from './row-stages.ts'
import { buildWithConstants, composeStages, identityStage, type Stage, stageInputs, stageModel } from './stage.ts'
import { writeModel } from './write.ts'

const shifted = (by: number): Stage => affineStage(Float64Array.of(by, by), Float64Array.of(1, 2))
const doubling: Stage = {
  kind: 'double',
  parameters: {},
  build: (graph, input) => graph.node('Add', [input, input]),
}
const rows = vectorTensor([1])

describe('composeStages', () => {
  it('of nothing, or of identities, is the identity; of one stage, that stage', () => {
    expect(composeStages([])).toBe(identityStage)
    expect(composeStages([identityStage, identityStage])).toBe(identityStage)
    expect(composeStages([identityStage, doubling])).toBe(doubling)
  })

  it('has a kind that tells graphs apart, nested compositions too', () => {
    const [a, b, c] = [shifted(1), doubling, shifted(3)]
    const kinds = [
      [a, b, c],
      [composeStages([a, b]), c],
      [a, composeStages([b, c])],
      [a, c],
    ].map((stages) => composeStages(stages).kind)
    expect(new Set(kinds).size).toBe(4)
  })
})

describe('stageModel', () => {
  it('is the same graph for the same kind, whatever the numbers', () => {
    const graphOf = (...stages: Stage[]) => writeModel(stageModel(composeStages(stages)))
    expect(graphOf(shifted(1), doubling)).toEqual(graphOf(shifted(-7), doubling))
    expect(graphOf(shifted(1), doubling)).not.toEqual(graphOf(doubling, shifted(1)))
  })

  it('takes what stageInputs gives, parameters named like its own input and output included', () => {
    const stage: Stage = {
      kind: 'add x',
      parameters: { x: vectorTensor([1, 2]), y: vectorTensor([3, 4]) },
      build: (graph, input, { x, y }) => graph.node('Sum', [input, x!, y!]),
    }
    for (const one of [stage, composeStages([stage, stage]), identityStage]) {
      const { inputs } = stageModel(one).graph
      expect(Object.keys(stageInputs(one, rows)).toSorted()).toEqual(inputs.map((i) => i.name).toSorted())
    }
  })
})

describe('buildWithConstants', () => {
  it('keeps the numbers of stages apart, the same prefix given twice included', () => {
    const graph = graphBuilder()
    const x = graph.input('x', 'float64', ['n', 2])
    const first = buildWithConstants(shifted(1), graph, x, 'step')
    graph.output('y', buildWithConstants(shifted(5), graph, first, 'step'), 'float64', ['n', 2])
    const { initializers, nodes } = graph.model().graph
    const shifts = nodes.filter((node) => node.op === 'Sub').map((node) => initializers.get(node.inputs[1]!)!.data)
    expect(shifts).toEqual([Float64Array.of(1, 1), Float64Array.of(5, 5)])
    expect([...initializers.keys()]).toContain('step/shift')
  })

  it('adds nothing for the identity', () => {
    const graph = graphBuilder()
    const x = graph.input('x', 'float64', ['n', 2])
    expect(buildWithConstants(identityStage, graph, x, 'none')).toBe(x)
  })
})

describe('graphBuilder', () => {
  it('never gives two values one name', () => {
    const graph = graphBuilder()
    graph.input('Add_0', 'float32', [])
    const c = graph.constant(rows, 'Add_1')
    const names = ['Add_0', c, graph.constant(rows, 'Add_1'), graph.constant(rows)]
    for (let i = 0; i < 3; i++) names.push(graph.node('Add', [c, c]), ...graph.nodes('Split', 2, [c]))
    expect(new Set(names).size).toBe(names.length)
    expect(() => graph.input('Add_0', 'float32', [])).toThrow('has a value "Add_0" already')
    expect(() => graph.output('Add_1', c, 'float64', [1])).toThrow('choose another name')
  })

  it('makes models that later additions leave alone', () => {
    const graph = graphBuilder()
    const x = graph.input('x', 'float32', [1])
    const before = graph.model()
    graph.constant(rows)
    graph.output('y', x, 'float32', [1])
    expect([before.graph.nodes.length, before.graph.outputs.length, before.graph.initializers.size]).toEqual([0, 0, 0])
  })
})
