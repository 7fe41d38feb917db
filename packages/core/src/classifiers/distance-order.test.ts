import { expect, test } from 'vitest'
import { matrixFromRows } from '../tensor/index.ts'
import { cosineOrder, euclideanOrder } from './distance-order.ts'

const rows = matrixFromRows([
  [3, 4],
  [0, 0],
])

test('euclidean: rows around their mean, times −2, and their squared lengths', () => {
  const order = euclideanOrder(rows)
  expect([...order.centre.data]).toEqual([1.5, 2])
  expect([...order.rows.data]).toEqual([-3, -4, 3, 4])
  expect([...order.offsets.data]).toEqual([6.25, 6.25])
})

test('cosine: rows of length −1, zeros where there is no direction', () => {
  const order = cosineOrder(rows)
  expect(Array.from(order.rows.data as Float64Array, (v) => v + 0)).toEqual([-0.6, -0.8, 0, 0])
  expect([...rows.data]).toEqual([3, 4, 0, 0])
})
