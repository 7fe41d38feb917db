import { matrixFromRows } from 'graft-learn'
import { describe, expect, it } from 'vitest'
import { summariseTable } from './summarise-table.ts'

describe('the summary of a table', () => {
  it('counts classes, missing labels, ranges and constant columns', () => {
    const features = matrixFromRows([
      [1, 0, 3],
      [2, 0, -4],
    ])
    const table = { file: 't.csv', columns: ['a', 'b', 'c'], named: true, features, labels: ['x', null], dropped: [] }
    expect(summariseTable(table)).toEqual({
      file: 't.csv',
      kind: 'data',
      rows: 2,
      features: 3,
      columns: ['a', 'b', 'c'],
      classes: [{ name: 'x', rows: 1 }],
      unlabelled: 1,
      range: [-4, 3],
      constantFeatures: ['b'],
      sparse: false,
      density: 4 / 6,
    })
  })

  it('knows the zeros of sparse columns', () => {
    const features = {
      rows: 2,
      columns: 3,
      starts: Int32Array.of(0, 2, 3),
      indices: Int32Array.of(0, 1, 0),
      values: Float64Array.of(5, 7, 5),
    }
    const table = { file: 't.svmlight', columns: ['1', '2', '3'], named: false, features, labels: null, dropped: [] }
    expect(summariseTable(table)).toMatchObject({
      columns: null,
      classes: null,
      unlabelled: 2,
      range: [0, 7],
      constantFeatures: ['1', '3'],
      sparse: true,
      density: 0.5,
    })
  })
})
