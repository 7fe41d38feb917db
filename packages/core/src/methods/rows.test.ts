import { describe, expect, it } from 'vitest'
import { type TransferProblem, UNLABELLED } from '../data/index.ts'
import { matrixFromRows } from '../tensor/index.ts'
import { centred, isLabelled, labelledRows, meanRow, poolProblem, predictedClasses } from './rows.ts'

const domain = (name: string, rows: number[][], labels: number[]) => ({
  name,
  features: matrixFromRows(rows),
  labels: Int32Array.from(labels),
})
const problem: TransferProblem = {
  task: { kind: 'classification', classes: ['a', 'b', 'c'] },
  sources: [domain('one', [[1], [2]], [0, UNLABELLED]), domain('two', [[3]], [1])],
  target: { name: 'target', features: matrixFromRows([[10], [20]]) },
}

describe('poolProblem', () => {
  it('pools the sources in order and puts labelled target rows after the unlabelled ones', () => {
    const pooled = poolProblem({ ...problem, labelledTarget: domain('target', [[30]], [2]) })
    expect([...pooled.source.features.data]).toEqual([1, 2, 3])
    expect([...pooled.source.labels]).toEqual([0, UNLABELLED, 1])
    expect([...pooled.target.features.data]).toEqual([10, 20, 30])
    expect([...pooled.target.labels]).toEqual([UNLABELLED, UNLABELLED, 2])
    expect([pooled.unlabelled, pooled.classes]).toEqual([2, 3])
  })
})

describe('labelledRows', () => {
  const embedded = { source: matrixFromRows([[-1], [-2], [-3]]), target: matrixFromRows([[-10], [-20], [-30]]) }

  it('is the source where no target row has a label', () => {
    const rows = labelledRows(poolProblem(problem), embedded.source, matrixFromRows([[-10], [-20]]))
    expect(rows).toEqual({ features: embedded.source, labels: Int32Array.of(0, UNLABELLED, 1) })
  })

  it('adds the labelled target rows, and those alone', () => {
    const pooled = poolProblem({ ...problem, labelledTarget: domain('target', [[30]], [2]) })
    const { features, labels } = labelledRows(pooled, embedded.source, embedded.target)
    expect([...features.data]).toEqual([-1, -2, -3, -30])
    expect([...labels]).toEqual([0, UNLABELLED, 1, 2])
  })
})

describe('meanRow and centred', () => {
  const x = matrixFromRows([
    [1, 2],
    [3, 6],
    [5, 7],
  ])

  it('average all rows, or those of a class', () => {
    expect(meanRow(x)).toEqual({ mean: Float64Array.of(3, 5), count: 3 })
    expect(meanRow(x, Int32Array.of(0, 1, 0), 0)).toEqual({ mean: Float64Array.of(3, 4.5), count: 2 })
    expect(meanRow(x, Int32Array.of(0, 1, 0), 7)).toEqual({ mean: Float64Array.of(0, 0), count: 0 })
  })

  it('take the mean away and leave the input alone', () => {
    expect([...centred(x, Float64Array.of(3, 5)).data]).toEqual([-2, -3, 0, 1, 2, 2])
    expect(x.data[0]).toBe(1)
  })
})

it('predictedClasses takes the largest probability, the first of equal ones', () => {
  const probabilities = matrixFromRows([
    [0.2, 0.5, 0.3],
    [0.4, 0.2, 0.4],
    [0, 0, 1],
  ])
  expect([...predictedClasses(probabilities)]).toEqual([1, 0, 2])
  expect([isLabelled(0), isLabelled(UNLABELLED)]).toEqual([true, false])
})
