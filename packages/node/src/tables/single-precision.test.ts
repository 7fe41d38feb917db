import { InvalidInputError, matrixFromRows } from 'graft-learn'
import { expect, test } from 'vitest'
import { toSinglePrecision } from './single-precision.ts'

const table = { file: 't.csv', columns: ['a', 'b'], named: true, labels: null, dropped: [] }
const sparse = (values: number[]) => ({
  rows: 2,
  columns: 2,
  starts: Int32Array.of(0, 1, 2),
  indices: Int32Array.of(0, 1),
  values: Float64Array.from(values),
})

test('rounds dense and sparse features to what a model will see', () => {
  const dense = { ...table, features: matrixFromRows([[0.1, 16_777_217]]) }
  expect([...(toSinglePrecision(dense).features as typeof dense.features).data]).toEqual([Math.fround(0.1), 16_777_216])
  const features = sparse([0.1, 2])
  toSinglePrecision({ ...table, features })
  expect([...features.values]).toEqual([Math.fround(0.1), 2])
})

test('refuses values beyond float32, and says where they are', () => {
  for (const features of [
    matrixFromRows([
      [1, 2],
      [1, -1e39],
    ]),
    sparse([1, -1e39]),
  ]) {
    const work = () => toSinglePrecision({ ...table, features })
    expect(work).toThrow(InvalidInputError)
    expect(work).toThrow(/t\.csv, row 2, column "b": the value is -1e\+39.*--drop/)
    // Columns without names cannot be dropped.
    expect(() => toSinglePrecision({ ...table, named: false, features })).not.toThrow(/--drop/)
    expect(() => toSinglePrecision({ ...table, named: false, features })).toThrow(/scale the column$/)
  }
})
