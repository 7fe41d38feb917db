import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { InvalidInputError } from '../errors.ts'
import {
  identity,
  type Matrix,
  matrix,
  matrixFromRows,
  matrixTensor,
  rowOf,
  sliceRows,
  stackRows,
  takeColumns,
  takeRows,
  tensorMatrix,
  transpose,
} from './matrix.ts'
import { tensor } from './tensor.ts'

const anyMatrix = fc.tuple(fc.nat(70), fc.nat(70)).map(([rows, columns]) =>
  matrix(
    rows,
    columns,
    Float64Array.from({ length: rows * columns }, (_, i) => i),
  ),
)
const at = (m: Matrix, i: number, j: number): number => m.data[i * m.columns + j]!

describe('matrix', () => {
  it('checks its size and that rows are equally long', () => {
    expect(() => matrix(2, 3, new Float64Array(5))).toThrow('2 × 3 matrix has 6 elements, got 5')
    expect(() => matrixFromRows([[1, 2], [3]])).toThrow('row 2 has 1 values')
    expect(matrixFromRows([])).toEqual(matrix(0, 0))
  })

  it('transposes: element (i, j) becomes (j, i), twice gives the start', () => {
    fc.assert(
      fc.property(anyMatrix, (m) => {
        const t = transpose(m)
        for (let i = 0; i < m.rows; i++) for (let j = 0; j < m.columns; j++) expect(at(t, j, i)).toBe(at(m, i, j))
        expect(transpose(t)).toEqual(m)
      }),
      { numRuns: 20 },
    )
  })

  it('cuts into blocks of rows that stack up again', () => {
    fc.assert(
      fc.property(anyMatrix, fc.nat(70), (m, cut) => {
        const middle = Math.min(cut, m.rows)
        expect(stackRows([sliceRows(m, 0, middle), sliceRows(m, middle, m.rows)])).toEqual(m)
      }),
    )
  })

  it('takes rows in the order asked for, repeats included, and columns', () => {
    const m = matrixFromRows([
      [1, 2, 3],
      [4, 5, 6],
    ])
    expect(takeRows(m, [1, 0, 1])).toEqual(
      matrixFromRows([
        [4, 5, 6],
        [1, 2, 3],
        [4, 5, 6],
      ]),
    )
    expect(takeColumns(m, 1, 3)).toEqual(
      matrixFromRows([
        [2, 3],
        [5, 6],
      ]),
    )
    expect([...rowOf(m, 1)]).toEqual([4, 5, 6])
    expect([...identity(2).data]).toEqual([1, 0, 0, 1])
  })

  it('shares memory where it says so', () => {
    const m = matrix(3, 2)
    sliceRows(m, 1, 2).data[0] = 9
    matrixTensor(m).data[5] = 8
    expect([...m.data]).toEqual([0, 0, 9, 0, 0, 8])
  })

  it('refuses rows and columns that are not there', () => {
    const m = matrix(3, 2)
    for (const index of [3, -1, 0.5, Number.NaN]) expect(() => takeRows(m, [index])).toThrow(InvalidInputError)
    expect(() => sliceRows(m, 2, 4)).toThrow('rows 2 to 4 of a matrix with 3 rows')
    expect(() => takeColumns(m, 1, 0)).toThrow(InvalidInputError)
    expect(() => stackRows([m, matrix(1, 3)])).toThrow('cannot stack')
  })

  it('goes to a tensor and back; a vector is one column', () => {
    const m = matrix(3, 2)
    expect(tensorMatrix(matrixTensor(m))).toEqual(m)
    expect(tensorMatrix(tensor('float64', [3], new Float64Array(3)))).toEqual(matrix(3, 1))
    expect(() => tensorMatrix(tensor('float32', [1, 1], new Float32Array(1)))).toThrow('float32 [1, 1]')
  })
})

describe('tensor', () => {
  it('checks that the shape fits the data', () => {
    expect(tensor('int64', [], BigInt64Array.of(3n)).dims).toEqual([])
    expect(tensor('float32', [2, 0], new Float32Array(0)).data.length).toBe(0)
    expect(() => tensor('float32', [2, 2], new Float32Array(3))).toThrow('4 elements, got 3')
    expect(() => tensor('float32', [-2, -2], new Float32Array(4))).toThrow(InvalidInputError)
  })
})
