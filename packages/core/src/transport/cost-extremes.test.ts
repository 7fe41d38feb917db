import { expect, it } from 'vitest'
import { matrix, seededRandom } from '../tensor/index.ts'
import { costExtremes } from './cost-extremes.ts'

it.each([1, 2, 5, 6])('gives the least cost of each row and both ends of all, %i columns', (columns) => {
  const random = seededRandom(columns)
  const values = Array.from({ length: 4 }, () => Array.from({ length: columns }, () => random.normal()))
  const { rowLeast, least, largest } = costExtremes(matrix(4, columns, Float64Array.from(values.flat())))
  expect([...rowLeast]).toEqual(values.map((row) => Math.min(...row)))
  expect([least, largest]).toEqual([Math.min(...values.flat()), Math.max(...values.flat())])
})
