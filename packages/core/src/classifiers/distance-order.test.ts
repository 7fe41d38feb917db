import { expect, test } from 'vitest'
import { matrixFromRows } from '../tensor/index.ts'
import { cosineOrder, euclideanOrder } from './distance-order.ts'

const rows = matrixFromRows([
  [3, 4],
  [0, 0],
])

test('euclidean: rows as they are near the origin, and half their squared lengths', () => {
  const order = euclideanOrder(rows)
  expect([...order.centre.data]).toEqual([0, 0])
  expect(order.rows.data).toBe(rows.data)
  expect([...order.offsets.data]).toEqual([12.5, 0])
})

test('euclidean: rows around their mean where they lie far from the origin', () => {
  const order = euclideanOrder(
    matrixFromRows([
      [1003, 1004],
      [1000, 1000],
    ]),
  )
  expect([...order.centre.data]).toEqual([1001.5, 1002])
  expect([...order.rows.data]).toEqual([1.5, 2, -1.5, -2])
  expect([...order.offsets.data]).toEqual([3.125, 3.125])
})

test('cosine: rows of length 1, zeros where there is no direction', () => {
  const order = cosineOrder(rows)
  expect([...order.rows.data]).toEqual([0.6, 0.8, 0, 0])
  expect([...rows.data]).toEqual([3, 4, 0, 0])
})
