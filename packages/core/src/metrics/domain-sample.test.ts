import { expect, test } from 'vitest'
import { matrix, seededRandom } from '../tensor/index.ts'
import { checkDomains, sampleRows } from './domain-sample.ts'

test('rows keep their order, and few rows are all taken', () => {
  const x = matrix(
    100,
    1,
    Float64Array.from({ length: 100 }, (_, i) => i),
  )
  const sample = sampleRows(x, 10, seededRandom(0)).data
  expect(sample.length).toBe(10)
  expect([...sample]).toEqual([...sample.toSorted()])
  expect(new Set(sample).size).toBe(10)
  expect(sampleRows(x, 100, seededRandom(0))).toBe(x)
})

test('domains that cannot be compared are refused', () => {
  expect(() => checkDomains(matrix(2, 3), matrix(2, 4), 1)).toThrow('got 3 and 4 features')
  expect(() => checkDomains(matrix(2, 3), matrix(0, 3), 1)).toThrow('got 2 of the source and 0 of the target')
})
